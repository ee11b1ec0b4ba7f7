using OvsOffload.Host;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Verifying;

/// <summary>An interface's row with the bridge that it is a port of.</summary>
internal sealed record SwitchPort(OvsBridge Bridge, OvsInterface Interface);

/// <summary>Finds a device among the ports of Open vSwitch.</summary>
internal static class SwitchPorts
{
    /// <summary>The port that a device is, by its name or an alternative name; null when it is none.</summary>
    public static SwitchPort? Find(OpenVSwitchDatabase database, NetDevice device) => database.Bridges
        .SelectMany(bridge => bridge.Ports, (bridge, port) => (bridge, port))
        .SelectMany(pair => pair.port.Interfaces, (pair, row) => new SwitchPort(pair.bridge, row))
        .FirstOrDefault(port => device.IsCalled(port.Interface.Name));
}
