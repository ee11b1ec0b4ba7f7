using OvsOffload.Host;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Verifying;

/// <summary>An interface's row with the bridge that it is a port of.</summary>
internal sealed record SwitchPort(OvsBridge Bridge, OvsInterface Interface);

/// <summary>Finds a device among the ports of Open vSwitch.</summary>
internal static class SwitchPorts
{
    /// <summary>The port that a device is, by its name or an alternative name; null when it is none.</summary>
    public static SwitchPort? Find(OpenVSwitchDatabase database, NetDevice device)
    {
        // Asked for each of hundreds of representors, of hundreds of ports.
        foreach (OvsBridge bridge in database.Bridges)
        {
            foreach (OvsPort port in bridge.Ports)
            {
                foreach (OvsInterface row in port.Interfaces)
                {
                    if (device.IsCalled(row.Name))
                    {
                        return new SwitchPort(bridge, row);
                    }
                }
            }
        }

        return null;
    }
}
