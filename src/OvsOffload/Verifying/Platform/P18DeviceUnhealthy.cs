using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;

namespace OvsOffload.Verifying;

/// <summary>The driver says that the card is not healthy.</summary>
internal sealed class P18DeviceUnhealthy : FunctionCheck
{
    /// <summary>mlx5/core/health.c, print_health_info and poll_health.</summary>
    private const string Phrase = "health compromised";

    public override CheckInfo Info { get; } = new(
        "P18",
        "device-unhealthy",
        CheckSeverity.Error,
        "the card reports a health error",
        """
        Drivers report a card's health over devlink: fw and fw_fatal for the firmware, tx and rx for the queues. A
        reporter in state error means that something is broken now; recovered errors are reported as info. mlx5 also
        logs "device's health compromised" when the firmware stops answering its poll.

        devlink health recover restarts what can be recovered. For a reporter without recovery (mlx5: fw) the kernel
        refuses it; the error goes away when the driver is reloaded. A fatal error that returns means broken firmware or
        hardware.
        it; its error goes away when the driver is loaded anew. A fatal error that returns means firmware or card.
        """);

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? intent, Observation input)
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
                        ? $"devlink health recover pci/{name} reporter {broken.Name}; if it returns, update the "
                            + "firmware, then replace the card"
                        : "this reporter has no recovery, so the error stays until the driver is reloaded: reboot, or "
                            + $"write {name} to /sys/bus/pci/drivers/{pf.Driver}/unbind, then to bind (detach its VFs "
                            + "from guests first, and make sure that the host is not reached through it); if it "
                            + "returns, update the firmware, then replace the card")),
            ];
        }

        HealthReporter? past = reporters.FirstOrDefault(reporter => reporter.Errors > 0);
        if (past is not null)
        {
            return
            [
                Found(FindingStatus.Info, name, $"reporter {past.Name} had errors and has recovered",
                    $"devlink health show pci/{name} reporter {past.Name}: state healthy, error {past.Errors}, recover "
                        + $"{past.Recoveries}{Log(name, input)}",
                    "errors occurred since the driver was loaded and were recovered",
                    $"none needed now; monitor with devlink health show pci/{name}"),
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
                    "update the firmware and do a cold reboot; if it returns, replace the card"),
            ]
            : [Ok(name, reporters.IsEmpty
                ? $"kernel log: no line with \"{Phrase}\""
                : $"devlink health show pci/{name}: {reporters.Length} reporters, healthy")];
    }

    private static string Log(string name, Observation input) =>
        input.State.Kernel.Log.ValueOr([]).LastOrDefault(record =>
            record.Text.Contains(name, StringComparison.Ordinal)
            && record.Text.Contains(Phrase, StringComparison.Ordinal)) is { } record
            ? $"; kernel log: {Objects.OneLine(record.Text)}"
            : "";
}
