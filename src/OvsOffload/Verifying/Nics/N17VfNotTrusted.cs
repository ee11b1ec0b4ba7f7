using OvsOffload.Host;
using OvsOffload.Platform;

namespace OvsOffload.Verifying;

/// <summary>A guest asked for what only a trusted VF gets.</summary>
internal sealed class N17VfNotTrusted : KernelLogCheck
{
    public override CheckInfo Info { get; } = new(
        "N17",
        "vf-not-trusted",
        CheckSeverity.Warning,
        "a VF asked for what only a trusted one gets",
        """
        A VF that is not trusted may not set more than a few MAC addresses, nor go into promiscuous mode: the PF's
        driver refuses, and i40e, ice and ixgbe write "VF is not trusted". Inside the guest it looks as if multicast,
        VLANs or a bridge above the VF do not work.

        ip link set PF vf N trust on allows it, and trusts the guest with what it may then do to its neighbours. In
        switchdev mode the e-switch's rules decide instead, and mlx5 does not take the setting. Lines that are older
        than an hour are told as info.
        """);

    /// <summary>i40e_virtchnl_pf.c, i40e_check_vf_permission; ice_virtchnl.c.</summary>
    protected override IReadOnlyList<string> Words { get; } =
        ["VF is not trusted", "is not trusted, switch the VF to trusted"];

    protected override string Cause =>
        "the guest sets several addresses or promiscuous mode, and the PF does not trust its VF";

    protected override string Fix(PhysicalFunction? pf, VerifyInput input) =>
        $"ip link set {pf?.Uplink?.Name ?? "PF"} vf N trust on, if the guest is to have it";

    protected override FindingStatus StatusOf(PhysicalFunction? pf, KernelLogRecord record, VerifyInput input) =>
        IsRecent(record, input) ? Severity : FindingStatus.Info;
}
