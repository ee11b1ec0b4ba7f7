using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.OpenVSwitch;
using OvsOffload.Verifying;

namespace OvsOffload.Metrics;

/// <summary>
/// Where collectors take from what they show. The host is read by the reconcile loop, flows, filters and checks by
/// timers; only <see cref="Probes"/> and <see cref="IsDaemonUp"/> ask the system at a scrape. None of them waits on
/// ovs-vswitchd.
/// </summary>
internal sealed record ScrapeSources
{
    /// <summary>The host as it was read last. Throws <see cref="CollectorException"/> where it is not known.</summary>
    public required Func<Observation> Host { get; init; }

    /// <summary>The same; null where it is not known.</summary>
    public required Func<Observation?> LastHost { get; init; }

    /// <summary>What is read anew at each scrape.</summary>
    public required ScrapeProbes Probes { get; init; }

    /// <summary>What this program itself uses.</summary>
    public required Func<ProcessFacts> Process { get; init; }

    /// <summary>The database; null while ovsdb-server does not answer.</summary>
    public required Func<OpenVSwitchDatabase?> Database { get; init; }

    /// <summary>Whether ovsdb-server has been asked at all.</summary>
    public required Func<bool> IsDatabaseTried { get; init; }

    /// <summary>Whether there is a socket of ovsdb-server, or Open vSwitch is installed or configured; true where that
    /// cannot be told.</summary>
    public required Func<bool> IsSwitchThere { get; init; }

    /// <summary>Whether ovs-vswitchd takes connections.</summary>
    public required Func<CancellationToken, Task<bool>> IsDaemonUp { get; init; }

    /// <summary>The flows of the last dumps; the devices given are those whose flows are told apart.</summary>
    public required Func<IReadOnlySet<string>, CancellationToken, Task<FlowFacts>> Flows { get; init; }

    /// <summary>Counts of tc filters. Throws a <see cref="CollectorException"/> where they are not known.</summary>
    public required Func<FlowerCounts> Filters { get; init; }

    /// <summary>What the checks found. Throws a <see cref="CollectorException"/> where that is not known.</summary>
    public required Func<VerifyReport> Checks { get; init; }

    /// <summary>What the service knows of its own work.</summary>
    public required Func<ReconcileFacts> Reconcile { get; init; }
}
