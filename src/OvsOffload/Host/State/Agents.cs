using System.Collections.Immutable;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Host;

/// <summary>Finds who else manages an Open vSwitch: Neutron, OVN, Cloudpods, libvirt, a CNI plugin. Pure.</summary>
internal static class Agents
{
    /// <summary>One sentence for each sign of an agent; empty when there is none.</summary>
    public static ImmutableArray<string> Of(OpenVSwitchDatabase database)
    {
        ImmutableArray<string>.Builder signs = ImmutableArray.CreateBuilder<string>();
        if (database.OvnRemote is { } remote)
        {
            signs.Add($"OVN (ovn-remote={remote})");
        }

        foreach (OvsBridge bridge in database.Bridges)
        {
            if (bridge.Controllers.Count > 0)
            {
                IEnumerable<string> targets = bridge.Controllers.Select(controller => controller.Target);
                signs.Add($"a controller of bridge {bridge.Name} ({string.Join(", ", targets)})");
            }

            if (bridge.IsSecure)
            {
                signs.Add($"bridge {bridge.Name} has fail_mode=secure: another program manages its OpenFlow rules");
            }

            if (bridge.Interfaces.FirstOrDefault(row => row.IfaceId is not null) is { } claimed)
            {
                signs.Add($"port {claimed.Name} of bridge {bridge.Name} has iface-id={claimed.IfaceId}");
            }
        }

        return signs.ToImmutable();
    }
}
