using OvsOffload.Host;
using OvsOffload.Metrics;
using OvsOffload.Netlink;
using OvsOffload.OpenVSwitch;
using OvsOffload.Verifying;

namespace OvsOffload.Service;

/// <summary>What the collectors of the service take from.</summary>
internal static class ServiceSources
{
    /// <summary>Puts it together.</summary>
    /// <param name="probes">What is read at each scrape.</param>
    /// <param name="daemon">ovs-vswitchd.</param>
    /// <param name="database">Open vSwitch's database.</param>
    /// <param name="flows">The flows.</param>
    /// <param name="filters">Counts of tc filters.</param>
    /// <param name="checks">What the checks found.</param>
    /// <param name="intent">The configuration.</param>
    /// <param name="status">What the reconcile loop knows.</param>
    /// <param name="listenFailures">How often it could not be listened for scrapes.</param>
    public static ScrapeSources Of(
        ScrapeProbes probes, UnixctlClient daemon, DatabaseWatch database, FlowWatch flows,
        TimedReading<FlowerCounts> filters, TimedReading<VerifyReport> checks, Func<ServiceIntent> intent,
        Func<ReconcileStatus> status, Func<int> listenFailures) => new()
        {
            Host = () => status() is var now && now.Host is { } host
                ? host
                : throw new CollectorException(now.Missing) { IsPending = now.ReadFailure is null },
            LastHost = () => status().Host,
            Probes = probes,
            Process = probes.Process,
            Database = () => database.Current,
            IsDatabaseTried = () => database.HasTried,
            IsDaemonUp = async cancellation => await daemon.ListeningAsync(cancellation) is not null,
            IsSwitchThere = () => database.SocketExists || status().Host?.WhySwitch is not null,
            Flows = flows.NowAsync,
            Filters = () => filters.Value,
            Checks = () => checks.Value,
            Reconcile = () =>
            {
                ReconcileStatus now = status();
                return new ReconcileFacts(now.Plan, now.LastApply, intent().ReloadSucceeded)
                {
                    ListenFailures = listenFailures(),
                };
            },
        };
}
