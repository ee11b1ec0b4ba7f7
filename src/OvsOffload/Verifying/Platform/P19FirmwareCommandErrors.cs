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
        "the firmware refuses commands of the driver",
        """
        The driver works the card by commands. mlx5_core writes each that the firmware refuses: the command, the status
        in words, and a syndrome, a number that NVIDIA's support can look up. What did not work is told by the command's
        name: CREATE_FLOW_TABLE is the e-switch, SET_FLOW_TABLE_ENTRY a flow, MODIFY_VPORT_CONTEXT a VF's setting.

        A driver also tries what not every firmware has, so lines that are older than an hour are told as info. Commands
        of the hardware bond (CREATE_LAG and its kin) have checks of their own.
        """);

    /// <summary>mlx5/core/cmd.c, cmd_status_print.</summary>
    protected override IReadOnlyList<string> Words { get; } = ["syndrome (0x"];

    protected override string Cause => "driver and firmware do not agree, or the card is short of something";

    protected override string Fix(PhysicalFunction? pf, VerifyInput input) =>
        "bring firmware and driver to a tested pair (mstflint -d "
        + $"{pf?.Address.ToString() ?? "PF"} query; the release notes of the driver name it); give the syndrome to the "
        + "vendor's support";

    protected override bool IsMeant(string text) =>
        text.Contains(Words[0], StringComparison.Ordinal)
        && text.Contains("failed", StringComparison.Ordinal)
        && !text.Contains("_LAG(", StringComparison.Ordinal);

    protected override FindingStatus StatusOf(PhysicalFunction? pf, KernelLogRecord record, VerifyInput input) =>
        IsRecent(record, input) ? Severity : FindingStatus.Info;
}
