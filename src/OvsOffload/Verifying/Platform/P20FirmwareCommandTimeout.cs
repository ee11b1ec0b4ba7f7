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
        "firmware commands time out",
        """
        Every command to the firmware has a timeout, one minute for most. "timeout. Will cause a leak of a command
        resource" means that no answer came. The slot of that command stays occupied, and when all slots are occupied
        the driver hangs: devlink, ethtool and ip then hang too.

        ENABLE_HCA, the first command of a function, has its own check (P05), because its cause is usually the platform.
        Lines older than an hour are reported as info.
        """);

    /// <summary>mlx5/core/cmd.c, wait_func.</summary>
    protected override IReadOnlyList<string> Phrases { get; } = ["Will cause a leak of a command resource"];

    protected override string Cause => "the firmware is overloaded or hangs, or the card lost its PCIe link";

    protected override string Fix(PhysicalFunction? pf, Observation input) =>
        $"devlink health show pci/{pf?.Address.ToString() ?? "PF"}, update the firmware; if it repeats, reset the card "
        + "(mlxfwreset) or do a cold reboot";

    protected override bool Matches(string text) =>
        text.Contains(Phrases[0], StringComparison.Ordinal) && !text.Contains("ENABLE_HCA", StringComparison.Ordinal);

    protected override FindingStatus StatusOf(PhysicalFunction? pf, KernelLogRecord record, Observation input) =>
        IsRecent(record, input) ? Severity : FindingStatus.Info;
}
