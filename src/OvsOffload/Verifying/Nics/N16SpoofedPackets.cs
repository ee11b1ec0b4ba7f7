using OvsOffload.Host;
using OvsOffload.Platform;

namespace OvsOffload.Verifying;

/// <summary>The card drops packets whose source address is not the VF's.</summary>
internal sealed class N16SpoofedPackets : KernelLogCheck
{
    public override CheckInfo Info { get; } = new(
        "N16",
        "spoofed-packets",
        CheckSeverity.Warning,
        "a VF sends packets with a source address that is not its own",
        """
        With spoof checking on, the card drops what a VF sends with another source MAC address than the one that the PF
        set for it, and igb and ixgbe write "Spoof event(s) detected on VF". A guest that bonds two VFs does just that
        after a failover: the second VF then sends with the first one's address, and the guest is cut off.

        Either the guest's bond takes the address of the active VF (fail_over_mac=active), or spoof checking is switched
        off for all VFs of that guest. A guest that is none of this kind may be up to something. Lines that are older
        than an hour are told as info.
        """);

    /// <summary>igb_main.c, igb_spoof_check; ixgbe_main.c, ixgbe_spoof_check.</summary>
    protected override IReadOnlyList<string> Words { get; } =
        ["Spoof event(s) detected on VF", "Spoofed packets detected"];

    protected override string Cause =>
        "a guest bonds VFs without fail_over_mac=active, or sends with foreign addresses on purpose";

    protected override string Fix(PhysicalFunction? pf, VerifyInput input) =>
        "in the guest: bond option fail_over_mac=active; or for each of its VFs: ip link set "
        + $"{pf?.Uplink?.Name ?? "PF"} vf N spoofchk off";

    protected override FindingStatus StatusOf(PhysicalFunction? pf, KernelLogRecord record, VerifyInput input) =>
        IsRecent(record, input) ? Severity : FindingStatus.Info;
}
