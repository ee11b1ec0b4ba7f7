using OvsOffload.Flows;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Host;

/// <summary>Where flows are read from.</summary>
internal interface IFlowSource
{
    /// <summary>
    /// The control socket on which ovs-vswitchd listens; null when it does not. Never waits on the daemon.
    /// </summary>
    Task<string?> ListeningAsync(CancellationToken cancellation);

    /// <summary>Counts and limits; cheap at any number of flows.</summary>
    Task<IReadOnlyList<UpcallShow>> UpcallShowAsync(CancellationToken cancellation);

    /// <summary>The datapaths by name.</summary>
    Task<IReadOnlyList<string>> DatapathsAsync(CancellationToken cancellation);

    /// <summary>What a datapath looked up in software.</summary>
    Task<DatapathLookups> LookupsAsync(string datapath, CancellationToken cancellation);

    /// <summary>Counts all flows of a datapath. ovs-vswitchd does nothing else while it builds the dump.</summary>
    Task<FlowTally> DumpAsync(string datapath, int maxFlows, CancellationToken cancellation);
}

/// <summary>The flows of the running ovs-vswitchd.</summary>
/// <param name="daemon">ovs-vswitchd.</param>
/// <param name="host">The host as it was last read, by which reasons are decided; null before that.</param>
internal sealed class DaemonFlows(UnixctlClient daemon, Func<HostState?> host) : IFlowSource
{
    /// <inheritdoc/>
    public Task<string?> ListeningAsync(CancellationToken cancellation) => daemon.ListeningAsync(cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<UpcallShow>> UpcallShowAsync(CancellationToken cancellation) =>
        daemon.UpcallShowAsync(cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> DatapathsAsync(CancellationToken cancellation) =>
        daemon.DatapathsAsync(cancellation);

    /// <inheritdoc/>
    public async Task<DatapathLookups> LookupsAsync(string datapath, CancellationToken cancellation)
    {
        DatapathShow shown = await daemon.DatapathShowAsync(datapath, cancellation);
        return new DatapathLookups(shown.Hit, shown.Missed, shown.Lost);
    }

    /// <inheritdoc/>
    public Task<FlowTally> DumpAsync(string datapath, int maxFlows, CancellationToken cancellation) =>
        FlowDump.ReadAsync(daemon, datapath, maxFlows, HostFlowFacts.Of(host()), cancellation);
}
