using OvsOffload.Host;
using OvsOffload.Platform;

namespace OvsOffload.Verifying;

/// <summary>The firmware refused commands of the driver.</summary>
internal sealed class P19FirmwareCommandErrors : KernelLogCheck
{
    public override CheckInfo Info { get; } = new(
        "P19",
        "firmware-command-errors",
        CheckSeverity.Error,
        "the firmware rejects commands from the driver",
        """
        The driver controls the card with commands. mlx5_core logs each one that the firmware rejects: the command, the
        status in words, and a syndrome, a number that NVIDIA's support can look up. The command's name shows what
        failed: CREATE_FLOW_TABLE is the e-switch, SET_FLOW_TABLE_ENTRY a flow, MODIFY_VPORT_CONTEXT a VF's setting.

        A driver also probes features that not every firmware has, so lines older than an hour are reported as info.
        Commands of the hardware bond (CREATE_LAG and others) have their own checks.
        """);

    /// <summary>mlx5/core/cmd.c, cmd_status_print.</summary>
    protected override IReadOnlyList<string> Phrases { get; } = ["syndrome (0x"];

    protected override string Cause => "driver and firmware are incompatible, or the card has run out of a resource";

    protected override string Fix(PhysicalFunction? pf, Observation input) =>
        $"install a tested pair of firmware and driver (mstflint -d {pf?.Address.ToString() ?? "PF"} query; see the "
        + "driver's release notes); give the syndrome to the vendor's support";

    protected override bool Matches(string text) =>
        text.Contains(Phrases[0], StringComparison.Ordinal)
        && text.Contains("failed", StringComparison.Ordinal)
        && !text.Contains("_LAG(", StringComparison.Ordinal);

    protected override FindingStatus StatusOf(PhysicalFunction? pf, KernelLogRecord record, Observation input) =>
        IsRecent(record, input) ? Severity : FindingStatus.Info;
}
