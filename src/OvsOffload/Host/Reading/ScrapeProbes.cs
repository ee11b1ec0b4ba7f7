using System.Collections.Immutable;
using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Sysfs;

namespace OvsOffload.Host;

/// <summary>
/// What is read anew at each scrape. Each probe that asks the kernel has sockets of its own, so that one that hangs
/// holds up no other. Dispose closes them.
/// </summary>
/// <param name="paths">The host's trees.</param>
/// <param name="netlink">Opens the channels to the kernel.</param>
internal sealed class ScrapeProbes(HostPaths paths, INetlinkOpener netlink) : IDisposable
{
    private readonly ProcessProbe _process = new(HostPaths.Real);
    private readonly NicProbe _nics = new(paths, netlink);
    private readonly NicProbe _representors = new(paths, netlink);
    private readonly BondProbe _bonds = new(paths, new RouteSession(netlink));

    /// <summary>What this program itself uses.</summary>
    public ProcessFacts Process() => _process.Read();

    /// <inheritdoc cref="NicProbe.NicsAsync"/>
    public Task<Reading<ImmutableArray<NicFacts>>> NicsAsync(Observation host, CancellationToken cancellation) =>
        _nics.NicsAsync(host, cancellation);

    /// <inheritdoc cref="NicProbe.RepresentorsAsync"/>
    public Task<Reading<ImmutableArray<RepresentorFacts>>> RepresentorsAsync(
        HostState host, IReadOnlyDictionary<string, string> bridges, CancellationToken cancellation) =>
        _representors.RepresentorsAsync(host, bridges, cancellation);

    /// <inheritdoc cref="BondProbe.ReadAsync"/>
    public Task<Reading<ImmutableArray<BondFacts>>> BondsAsync(Observation host, CancellationToken cancellation) =>
        _bonds.ReadAsync(host, cancellation);

    /// <summary>The connections that each PF tracks in hardware.</summary>
    public ImmutableArray<ConntrackFacts> Conntrack(HostState host) =>
    [
        .. host.KnownFunctions.Select(
            pf => new ConntrackFacts(pf.Address, Mlx5Conntrack.Offloaded(paths, pf.Address))),
    ];

    /// <inheritdoc/>
    public void Dispose()
    {
        _nics.Dispose();
        _representors.Dispose();
        _bonds.Dispose();
    }
}
