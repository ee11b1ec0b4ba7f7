using System.Collections.Immutable;
using OvsOffload.Flows;
using OvsOffload.Intent;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;

namespace OvsOffload.Host;

/// <summary>
/// Reads the flows of the switch once, within the bounds that the configuration sets, before the checks look at them.
/// </summary>
internal static class DatapathFlowSource
{
    /// <summary>
    /// The flows of every datapath, counted; absent without Open vSwitch, failed where they could not be read, or are
    /// so many that the dump would hold ovs-vswitchd up.
    /// </summary>
    public static async Task<Reading<ImmutableArray<DatapathFlows>>> ReadAsync(
        UnixctlClient unixctl, HostState state, HostIntent intent, CancellationToken cancellation)
    {
        OpenVSwitchState openVSwitch = state.OpenVSwitch;
        if (openVSwitch.Database.IsAbsent)
        {
            return Reading.Absent<ImmutableArray<DatapathFlows>>(
                $"this host has no Open vSwitch: {openVSwitch.Database.Why}");
        }

        if (!openVSwitch.Daemon.IsKnown || !openVSwitch.Upcalls.TryGet(out IReadOnlyList<UpcallShow>? upcalls))
        {
            return Reading.Failed<ImmutableArray<DatapathFlows>>(
                openVSwitch.Daemon.IsKnown ? openVSwitch.Upcalls.Why : openVSwitch.Daemon.Why);
        }

        // Asked first, because it costs nothing: a dump of a million flows keeps ovs-vswitchd busy for seconds.
        int most = intent.Metrics.FlowDump.MaxFlows;
        if (upcalls.FirstOrDefault(shown => shown.Flows > most) is { } many)
        {
            return Reading.Failed<ImmutableArray<DatapathFlows>>(
                $"{many.Datapath} has {many.Flows} flows, more than metrics.flow-dump.max-flows ({most})");
        }

        try
        {
            ImmutableArray<DatapathFlows>.Builder facts = ImmutableArray.CreateBuilder<DatapathFlows>();
            foreach (string datapath in await unixctl.DatapathsAsync(cancellation))
            {
                FlowTally tally = await FlowDump.ReadAsync(
                    unixctl, datapath, most, HostFlowFacts.Of(state), cancellation);
                facts.Add(DatapathFlows.Of(datapath, tally));
            }

            return Reading.Known(facts.ToImmutable());
        }
        catch (OpenVSwitchException failure)
        {
            return Reading.Failed<ImmutableArray<DatapathFlows>>(failure.Message);
        }
    }
}
