using OvsOffload.Host;
using OvsOffload.Intent;
using System.Collections.Immutable;

namespace OvsOffload.Verifying;

/// <summary>The driver says that the card is not healthy.</summary>
internal sealed class P18DeviceUnhealthy : FunctionCheck
{
    /// <summary>mlx5/core/health.c, print_health_info and poll_health.</summary>
    private const string Words = "health compromised";

    public override CheckInfo Info { get; } = new(
        "P18",
        "device-unhealthy",
        CheckSeverity.Error,
        "the card is not healthy",
        """
        Drivers report a card's health over devlink: fw and fw_fatal for the firmware, tx and rx for the queues. A
        reporter in state error means that something is broken now; errors that were recovered are told as info. mlx5
        also writes "device's health compromised" into the kernel's log when the firmware stops answering its poll.

        devlink health recover starts over what can be. Of a reporter without recovery (mlx5: fw) the kernel refuses
        it; its error goes away when the driver is loaded anew. A fatal error that returns means firmware or card.
        """);

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? wish, VerifyInput input)
    {
        string name = pf.Address.ToString();
        if (pf.Health.IsFailed)
        {
            return [Skip(name, $"devlink health show pci/{name}: {pf.Health.Why}")];
        }

        ImmutableArray<HealthReporter> reporters = pf.Health.ValueOr([]);
        if (reporters.FirstOrDefault(reporter => !reporter.Healthy) is { } broken)
        {
            return
            [
                Found(FindingStatus.Error, name, $"reporter {broken.Name} is in error",
                    $"devlink health show pci/{name} reporter {broken.Name}: state error, error {broken.Errors}, "
                        + $"recover {broken.Recoveries}{Log(name, input)}",
                    "firmware, driver or card failed and did not recover",
                    $"devlink health diagnose pci/{name} reporter {broken.Name}; " + (broken.CanRecover
                        ? $"devlink health recover pci/{name} reporter {broken.Name}; if it returns, newer firmware, "
                            + "then another card"
                        : "the driver has no recovery of it, so it stays until the driver is loaded anew: a reboot, or "
                            + $"{name} into /sys/bus/pci/drivers/{pf.Driver}/unbind, then bind (guests must let go of "
                            + "its VFs first, and the host must not be reached by it); if it returns, newer firmware, "
                            + "then another card")),
            ];
        }

        HealthReporter? past = reporters.FirstOrDefault(reporter => reporter.Errors > 0);
        if (past is not null)
        {
            return
            [
                Found(FindingStatus.Info, name, $"reporter {past.Name} had errors and is healthy again",
                    $"devlink health show pci/{name} reporter {past.Name}: state healthy, error {past.Errors}, recover "
                        + $"{past.Recoveries}{Log(name, input)}",
                    "errors since the driver was loaded, which it recovered from",
                    $"watch it: devlink health show pci/{name}"),
            ];
        }

        if (reporters.IsEmpty && !input.State.Kernel.Log.IsKnown)
        {
            return [Skip(name, $"no health reporters; kernel log: {input.State.Kernel.Log.Why}")];
        }

        return Log(name, input) is { Length: > 0 } line
            ?
            [
                Found(FindingStatus.Error, name, Info.Title, line[2..], "the firmware stopped answering the driver",
                    "newer firmware and a cold reboot; if it returns, another card"),
            ]
            : [Ok(name, reporters.IsEmpty
                ? $"kernel log: no line with \"{Words}\""
                : $"devlink health show pci/{name}: {reporters.Length} reporters, healthy")];
    }

    private static string Log(string name, VerifyInput input) =>
        input.State.Kernel.Log.ValueOr([]).LastOrDefault(record =>
            record.Text.Contains(name, StringComparison.Ordinal)
            && record.Text.Contains(Words, StringComparison.Ordinal)) is { } record
            ? $"; kernel log: {Objects.OneLine(record.Text)}"
            : "";
}
