using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;
using OvsOffload.Verifying;

namespace OvsOffload.Service;

/// <summary>Runs the checks on a slow timer: they read the whole host, its logs included.</summary>
/// <param name="read">Reads the host.</param>
/// <param name="intent">What is wanted.</param>
/// <param name="flows">The flows as the service knows them; no dump is made for the checks.</param>
/// <param name="daemon">ovs-vswitchd.</param>
/// <param name="paths">The host's trees.</param>
internal sealed class CheckWatch(
    Func<CancellationToken, Task<HostState>> read, Func<HostIntent> intent, FlowWatch flows, UnixctlClient daemon,
    HostPaths paths)
{
    /// <summary>From the start of one run to the start of the next, and the share of the time it may take.</summary>
    public static FlowDumpIntent Timer { get; } = new() { Interval = TimeSpan.FromMinutes(5), Duty = 0.01 };

    /// <summary>Of OpenFlow rules there may be hundreds of thousands: only <c>verify</c> reads them.</summary>
    private static readonly ObservationParts Parts = Checks.Needs(Checks.All) & ~ObservationParts.OpenFlow;

    /// <summary>Told of every host that was read.</summary>
    public Action<Observation> Follower { get; init; } = _ => { };

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
        var observations = new ObservationReader(paths, read, daemon)
        {
            Flows = async (state, _, token) => Known(await flows.NowAsync(new HashSet<string>(), token), state),
        };
        Observation observation = await observations.ReadAsync(intent(), Parts, cancellation);
        Follower(observation);
        return VerifyReport.Of(observation, Checks.All);
    }

    private static Reading<ImmutableArray<DatapathFlows>> Known(Metrics.FlowFacts facts, HostState state)
    {
        if (state.OpenVSwitch.Database.IsAbsent)
        {
            return Reading.Absent<ImmutableArray<DatapathFlows>>(
                $"this host has no Open vSwitch: {state.OpenVSwitch.Database.Why}");
        }

        return facts.Failure is { } why
            ? Reading.Failed<ImmutableArray<DatapathFlows>>(why)
            : facts.Datapaths.FirstOrDefault(datapath => datapath.Tally is null) is { } undumped
            ? Reading.Failed<ImmutableArray<DatapathFlows>>($"no flow dump of {undumped.Name} yet")
            : Reading.Known<ImmutableArray<DatapathFlows>>(
                [.. facts.Datapaths.Select(datapath => DatapathFlows.Of(datapath.Name, datapath.Tally!))]);
    }
}
