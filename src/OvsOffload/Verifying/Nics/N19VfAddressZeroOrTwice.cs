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
        "VFs have no address, or the same",
        """
        A VF whose address was never set shows 00:00:00:00:00:00. Its driver then makes one up at every start: a guest
        has another address after each reboot, and DHCP, ARP caches and security groups do not know it. Two VFs with one
        address on one network take each other's traffic.

        An unset address is a warning where somebody holds the VF, else info: whoever hands the VF to a guest mostly
        sets it then. vf-macs: stable in the configuration gives every VF an address of its own that lasts.
        """);

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? wish, VerifyInput input)
    {
        string name = pf.Address.ToString();
        if (pf.VirtualFunctions.IsEmpty)
        {
            return [Skip(name, "it has no VFs")];
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
                FindingStatus.Warning, $"{name} vf{vf.Index}", $"vf{vf.Index} shares its address with another VF",
                $"ip link show {pf.Uplink?.Name ?? "PF"}: vf {vf.Index} link/ether {vf.Mac}",
                "the same address was set twice",
                Fix(pf, vf))),
            .. pf.VirtualFunctions.Where(vf => vf.Settings.IsKnown && vf.Mac is null).Select(vf => Found(
                vf.Holder.IsKnown ? FindingStatus.Warning : FindingStatus.Info,
                $"{name} vf{vf.Index}",
                $"vf{vf.Index} has no address of its own, its driver makes one up at every start",
                $"ip link show {pf.Uplink?.Name ?? "PF"}: vf {vf.Index} link/ether 00:00:00:00:00:00"
                    + (vf.Holder.IsKnown ? $"; {vf.Holder.Value.Description}" : ""),
                "nobody has set one since the VF was made",
                Fix(pf, vf))),
        ];
        return found.Length > 0
            ? found
            : [Ok(name, $"ip link show {pf.Uplink?.Name ?? "PF"}: {pf.VirtualFunctions.Length} VFs, each with its "
                + "own")];
    }

    private static string Fix(PhysicalFunction pf, VirtualFunction vf) =>
        $"ip link set {pf.Uplink?.Name ?? "PF"} vf {vf.Index} mac ADDRESS before the guest starts; or vf-macs: "
            + "stable in the configuration";
}
