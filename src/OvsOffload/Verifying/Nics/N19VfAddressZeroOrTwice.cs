using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;

namespace OvsOffload.Verifying;

/// <summary>Two VFs have one address, or a guest's VF has none.</summary>
internal sealed class N19VfAddressZeroOrTwice : FunctionCheck
{
    public override CheckInfo Info { get; } = new(
        "N19",
        "vf-address-zero-or-twice",
        CheckSeverity.Warning,
        "VFs have no MAC address, or share one",
        """
        A VF whose address was never set shows 00:00:00:00:00:00. Its driver then generates one at every start: a guest
        has another address after each reboot, unknown to DHCP, ARP caches and security groups. Two VFs with the same
        address on one network receive each other's traffic.

        An unset address is a warning if the VF is in use, otherwise info: it is usually set when the VF is assigned to
        a guest. vf-macs: stable in the configuration gives every VF its own permanent address.
        """);

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? intent, Observation input)
    {
        string name = pf.Address.ToString();
        if (pf.VirtualFunctions.IsEmpty)
        {
            return [Skip(name, "the PF has no VFs")];
        }

        if (pf.VirtualFunctions.FirstOrDefault(vf => vf.Settings.IsFailed) is { } unread)
        {
            return [Skip(name, $"ip link show {pf.Uplink?.Name ?? "PF"}, vf {unread.Index}: {unread.Settings.Why}")];
        }

        HardwareAddress[] twice =
        [
            .. input.State.KnownFunctions.SelectMany(one => one.VirtualFunctions).Select(vf => vf.Mac)
                .OfType<HardwareAddress>().GroupBy(mac => mac).Where(same => same.Count() > 1).Select(same => same.Key),
        ];
        Finding[] found =
        [
            .. pf.VirtualFunctions.Where(vf => vf.Mac is { } mac && twice.Contains(mac)).Select(vf => Found(
                FindingStatus.Warning, $"{name} vf{vf.Index}", $"vf{vf.Index} has the same MAC address as another VF",
                $"ip link show {pf.Uplink?.Name ?? "PF"}: vf {vf.Index} link/ether {vf.Mac}",
                "the same address was set twice",
                Fix(pf, vf))),
            .. pf.VirtualFunctions.Where(vf => vf.Settings.IsKnown && vf.Mac is null).Select(vf => Found(
                vf.Holder.IsKnown ? FindingStatus.Warning : FindingStatus.Info,
                $"{name} vf{vf.Index}",
                $"vf{vf.Index} has no MAC address; its driver generates one at every start",
                $"ip link show {pf.Uplink?.Name ?? "PF"}: vf {vf.Index} link/ether 00:00:00:00:00:00"
                    + (vf.Holder.IsKnown ? $"; {vf.Holder.Value.Description}" : ""),
                "no address was set since the VF was created",
                Fix(pf, vf))),
        ];
        return found.Length > 0
            ? found
            : [Ok(name, $"ip link show {pf.Uplink?.Name ?? "PF"}: {pf.VirtualFunctions.Length} VFs, all addresses "
                + "differ")];
    }

    private static string Fix(PhysicalFunction pf, VirtualFunction vf) =>
        $"ip link set {pf.Uplink?.Name ?? "PF"} vf {vf.Index} mac ADDRESS before the guest starts; or set vf-macs: "
            + "stable in the configuration";
}
