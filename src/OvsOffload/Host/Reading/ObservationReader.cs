using System.Collections.Immutable;
using OvsOffload.Flows;
using OvsOffload.Intent;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;

namespace OvsOffload.Host;

/// <summary>Reads the flows of a host.</summary>
/// <param name="state">The host.</param>
/// <param name="intent">The bounds of a dump.</param>
/// <param name="cancellation">Ends the reading.</param>
internal delegate Task<Reading<ImmutableArray<DatapathFlows>>> FlowsReader(
    HostState state, HostIntent intent, CancellationToken cancellation);

/// <summary>
/// Reads an <see cref="Observation"/>: the host, and of what costs more the parts that are asked for. Safe for
/// concurrent use; every call reads anew.
/// </summary>
/// <param name="paths">The host's trees.</param>
/// <param name="host">Reads the host.</param>
/// <param name="daemon">ovs-vswitchd.</param>
internal sealed class ObservationReader(
    HostPaths paths, Func<CancellationToken, Task<HostState>> host, UnixctlClient daemon)
{
    /// <summary>Reads the flows; by default it dumps those of every datapath, within the intent's bounds.</summary>
    public FlowsReader Flows { get; init; } = (state, intent, cancellation) =>
        DatapathFlowSource.ReadAsync(daemon, state, intent, cancellation);

    /// <summary>Reads.</summary>
    /// <param name="intent">What the operator means.</param>
    /// <param name="parts">What is read beside the host; what is not is absent.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async Task<Observation> ReadAsync(
        HostIntent intent, ObservationParts parts, CancellationToken cancellation)
    {
        HostState state = await host(cancellation);
        return new Observation(intent, state)
        {
            Flows = parts.HasFlag(ObservationParts.Flows)
                ? await Flows(state, intent, cancellation)
                : NotRequested<DatapathFlows>("flows"),
            OpenFlow = parts.HasFlag(ObservationParts.OpenFlow)
                ? await OpenFlowSource.ReadAsync(daemon, state, cancellation)
                : NotRequested<ConntrackRules>("OpenFlow rules"),
            Journal = parts.HasFlag(ObservationParts.Journal)
                ? JournalSource.Read(paths)
                : NotRequested<JournalLine>("steps of the last apply"),
        };
    }

    private static Reading<ImmutableArray<T>> NotRequested<T>(string what) =>
        Reading.Absent<ImmutableArray<T>>($"the {what} were not asked for");
}
