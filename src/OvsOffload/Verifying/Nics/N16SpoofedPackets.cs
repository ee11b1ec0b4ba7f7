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
        With spoof checking on, the card drops packets from a VF whose source MAC address is not the one that the PF set
        for it, and igb and ixgbe log "Spoof event(s) detected on VF". A guest that bonds two VFs triggers this after a
        failover: the second VF sends with the first one's address, and the guest loses connectivity.

        Either set fail_over_mac=active on the guest's bond, or switch spoof checking off for all VFs of that guest. A
        guest without such a bond may be sending forged packets. Lines older than an hour are reported as info.
        """);

    /// <summary>igb_main.c, igb_spoof_check; ixgbe_main.c, ixgbe_spoof_check.</summary>
    protected override IReadOnlyList<string> Phrases { get; } =
        ["Spoof event(s) detected on VF", "Spoofed packets detected"];

    protected override string Cause =>
        "a guest bonds VFs without fail_over_mac=active, or sends forged source addresses";

    protected override string Fix(PhysicalFunction? pf, Observation input) =>
        "set bond option fail_over_mac=active in the guest; or for each of its VFs: ip link set "
        + $"{pf?.Uplink?.Name ?? "PF"} vf N spoofchk off";

    protected override FindingStatus StatusOf(PhysicalFunction? pf, KernelLogRecord record, Observation input) =>
        IsRecent(record, input) ? Severity : FindingStatus.Info;
}
