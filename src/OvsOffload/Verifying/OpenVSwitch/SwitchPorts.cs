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
        // Asked for each of hundreds of representors, of hundreds of ports: nothing is made for each pair of them.
        foreach (OvsBridge bridge in database.Bridges)
        {
            for (int port = 0; port < bridge.Ports.Count; port++)
            {
                IReadOnlyList<OvsInterface> rows = bridge.Ports[port].Interfaces;
                for (int row = 0; row < rows.Count; row++)
                {
                    if (device.HasName(rows[row].Name))
                    {
                        return new SwitchPort(bridge, rows[row]);
                    }
                }
            }
        }

        return null;
    }
}
