using System.Collections.Immutable;
using OvsOffload.Applying;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Os;
using OvsOffload.Verifying;

namespace OvsOffload.Service;

/// <summary>Runs the checks on a slow timer: they read the whole host, its logs included.</summary>
/// <param name="read">Reads the host.</param>
/// <param name="intent">What is wanted.</param>
/// <param name="flows">The flows as the service knows them; no dump is made for the checks.</param>
/// <param name="paths">The host's trees.</param>
internal sealed class CheckWatch(
    Func<CancellationToken, Task<HostState>> read, Func<HostIntent> intent, FlowWatch flows, HostPaths paths)
{
    /// <summary>From the start of one run to the start of the next, and the share of the time it may take.</summary>
    public static FlowDumpIntent Timer { get; } = new() { Interval = TimeSpan.FromMinutes(5), Duty = 0.01 };

    /// <summary>Told of every host that was read.</summary>
    public Action<HostState> Follower { get; init; } = _ => { };

    /// <summary>Runs every check once.</summary>
    public async Task<VerifyReport> ReadAsync(CancellationToken cancellation)
    {
        VerifyReport report = await ExamineAsync(cancellation);

        // The whole host, megabytes of logs among it, is garbage now. Left to itself the heap keeps that size for good.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return report;
    }

    private async Task<VerifyReport> ExamineAsync(CancellationToken cancellation)
    {
        HostState state = await read(cancellation);
        Follower(state);
        var input = new VerifyInput(intent(), state)
        {
            Flows = Known(await flows.NowAsync(new HashSet<string>(), cancellation), state),
            Journal = JournalSource.Read(paths),
        };
        return VerifyReport.Of(input, Checks.All);
    }

    private static Reading<ImmutableArray<Verifying.FlowFacts>> Known(Metrics.FlowFacts facts, HostState state)
    {
        if (state.OpenVSwitch.Database.IsAbsent)
        {
            return Reading.Absent<ImmutableArray<Verifying.FlowFacts>>(
                $"this host has no Open vSwitch: {state.OpenVSwitch.Database.Why}");
        }

        return facts.Failure is { } why
            ? Reading.Failed<ImmutableArray<Verifying.FlowFacts>>(why)
            : facts.Datapaths.FirstOrDefault(datapath => datapath.Tally is null) is { } undumped
            ? Reading.Failed<ImmutableArray<Verifying.FlowFacts>>($"no flow dump of {undumped.Name} yet")
            : Reading.Known<ImmutableArray<Verifying.FlowFacts>>(
                [.. facts.Datapaths.Select(datapath => Verifying.FlowFacts.Of(datapath.Name, datapath.Tally!))]);
    }
}
