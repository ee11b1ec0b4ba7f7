using OvsOffload.Host;
using OvsOffload.Platform;

namespace OvsOffload.Verifying;

/// <summary>The firmware did not answer a command in time.</summary>
internal sealed class P20FirmwareCommandTimeout : KernelLogCheck
{
    public override CheckInfo Info { get; } = new(
        "P20",
        "firmware-command-timeout",
        CheckSeverity.Warning,
        "the firmware does not answer in time",
        """
        Every command to the firmware has a time in which an answer has to come, one minute for most. "timeout. Will
        cause a leak of a command resource" means that none came. The slot of that command stays taken, and when all are
        taken the driver hangs: devlink, ethtool and ip then hang with it.

        ENABLE_HCA, the first command of a function, has a check of its own (P05), because its cause is mostly the
        platform. Lines that are older than an hour are told as info.
        """);

    /// <summary>mlx5/core/cmd.c, wait_func.</summary>
    protected override IReadOnlyList<string> Words { get; } = ["Will cause a leak of a command resource"];

    protected override string Cause => "the firmware is overloaded or stuck, or the card lost its PCIe link";

    protected override string Fix(PhysicalFunction? pf, VerifyInput input) =>
        $"devlink health show pci/{pf?.Address.ToString() ?? "PF"}, update the firmware; if it repeats, reset the card "
        + "(mlxfwreset) or boot cold";

    protected override bool IsMeant(string text) =>
        text.Contains(Words[0], StringComparison.Ordinal) && !text.Contains("ENABLE_HCA", StringComparison.Ordinal);

    protected override FindingStatus StatusOf(PhysicalFunction? pf, KernelLogRecord record, VerifyInput input) =>
        IsRecent(record, input) ? Severity : FindingStatus.Info;
}
