using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.Platform;

namespace OvsOffload.Verifying;

/// <summary>libvirt hands VFs of a switchdev PF to guests by itself.</summary>
internal sealed class N32LibvirtHandsOutVfs : FunctionCheck
{
    public override CheckInfo Info { get; } = new(
        "N32",
        "libvirt-hands-out-vfs",
        CheckSeverity.Warning,
        "libvirt manages VFs of this PF",
        """
        A libvirt network with forward mode hostdev is a pool of a PF's VFs: libvirt creates them when the network
        starts and assigns one to each guest. In legacy mode that is enough. In switchdev mode a VF has no connectivity
        until its representor is a port of Open vSwitch, which libvirt does not do; and a pool that sets sriov_numvfs
        may contradict vfs: in the configuration.

        With representors: all, ovs-offload adds the ports, guests of the pool work, and it is reported as info.
        """);

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? intent, Observation input)
    {
        string name = pf.Address.ToString();
        if (pf.Eswitch.IsFailed)
        {
            return [Skip(name, $"devlink dev eswitch show pci/{name}: {pf.Eswitch.Why}")];
        }

        if (pf.Mode != EswitchMode.Switchdev)
        {
            return [Skip(name, "not in switchdev mode")];
        }

        if (!input.State.Platform.LibvirtPools.TryGet(out IReadOnlyList<LibvirtPool>? pools))
        {
            return [Skip(name, $"/etc/libvirt/qemu/networks: {input.State.Platform.LibvirtPools.Why}")];
        }

        LibvirtPool? pool = pools.FirstOrDefault(one => pf.Uplink?.HasName(one.Device) ?? false);
        return pool is null
            ? [Ok(name, "/etc/libvirt/qemu/networks: no pool uses its VFs")]
            :
            [
                Found(
                    input.RepresentorBridgeOf(pf) is null ? FindingStatus.Warning : FindingStatus.Info,
                    name,
                    Info.Title,
                    $"{pool.File}: <pf dev='{pool.Device}'/>",
                    "a libvirt network with forward mode hostdev uses this PF",
                    "set representors: all for the bridge in the configuration, or add a libvirt hook that adds the "
                        + "representor; list the VFs in the network (<address type='pci' ../>) instead of <pf>, so "
                        + "that libvirt creates none"),
            ];
    }
}
