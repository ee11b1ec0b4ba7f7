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
        "a VF was refused a request that needs trust",
        """
        A VF that is not trusted can set only a few MAC addresses and cannot enter promiscuous mode: the PF's driver
        refuses, and i40e, ice and ixgbe log "VF is not trusted". Inside the guest, multicast, VLANs or a bridge above
        the VF seem not to work.

        ip link set PF vf N trust on allows it, and trusts the guest not to attack its neighbours. In switchdev mode the
        e-switch's rules decide instead, and mlx5 rejects the setting. Lines older than an hour are reported as info.
        """);

    /// <summary>i40e_virtchnl_pf.c, i40e_check_vf_permission; ice_virtchnl.c.</summary>
    protected override IReadOnlyList<string> Phrases { get; } =
        ["VF is not trusted", "is not trusted, switch the VF to trusted"];

    protected override string Cause =>
        "the guest sets several addresses or promiscuous mode, and its VF is not trusted";

    protected override string Fix(PhysicalFunction? pf, Observation input) =>
        $"ip link set {pf?.Uplink?.Name ?? "PF"} vf N trust on, if the guest may do that";

    protected override FindingStatus StatusOf(PhysicalFunction? pf, KernelLogRecord record, Observation input) =>
        IsRecent(record, input) ? Severity : FindingStatus.Info;
}
