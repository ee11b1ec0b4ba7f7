using System.Net.Sockets;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Intent.Configuration;
using OvsOffload.Metrics;
using OvsOffload.Netlink;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;
using OvsOffload.Page;
using OvsOffload.Verifying;

namespace OvsOffload.Service;

/// <summary>What the service is built on.</summary>
/// <param name="Paths">The host's trees.</param>
/// <param name="Database">Where ovsdb-server is.</param>
/// <param name="Daemon">Where ovs-vswitchd is.</param>
/// <param name="Notify">systemd.</param>
/// <param name="Log">Where lines go.</param>
/// <param name="Time">The clock.</param>
internal sealed record ServiceEnvironment(
    HostPaths Paths,
    OvsdbOptions Database,
    UnixctlOptions Daemon,
    SystemdNotify Notify,
    ServiceLog Log,
    TimeProvider Time);

/// <summary>
/// The service: keeps the host as it is wanted and serves metrics, until it is cancelled or a part of it ends by
/// itself.
/// </summary>
internal sealed class OffloadService
{
    private readonly ServiceEnvironment _environment;
    private readonly IReconciler _reconciler;
    private readonly ChangeSignal _changes;
    private readonly ConfigurationStore _configuration;
    private readonly Heartbeat _loopLife;
    private readonly Heartbeat _flowLife;
    private readonly Heartbeat _filterLife;
    private readonly Heartbeat _checkLife;
    private ReconcileLoop? _loop;
    private TimedReading<VerifyReport>? _checks;
    private bool _serves;

    /// <summary>Puts it together; nothing is read or opened yet.</summary>
    /// <param name="environment">What it is built on.</param>
    /// <param name="reconciler">Reads the host and applies.</param>
    /// <param name="file">The configuration's file.</param>
    /// <param name="read">Reads it; null when there is none.</param>
    /// <param name="first">The configuration to begin with; null for none.</param>
    public OffloadService(
        ServiceEnvironment environment,
        IReconciler reconciler,
        string file,
        Func<string, HostIntent?> read,
        HostIntent? first)
    {
        (_environment, _reconciler) = (environment, reconciler);
        _changes = new ChangeSignal(new ChangeOptions(), environment.Time);
        _configuration = new ConfigurationStore(file, read, first, _changes, environment.Log);
        _loopLife = new Heartbeat("reconcile loop", environment.Time);
        _flowLife = new Heartbeat("flow dump", environment.Time);
        _filterLife = new Heartbeat("tc filter count", environment.Time);
        _checkLife = new Heartbeat("checks", environment.Time);
    }

    /// <summary>
    /// Whether a port that another program has is waited for, while the rest goes on; otherwise the service ends.
    /// </summary>
    public bool WaitsForPort { get; init; }

    /// <summary>
    /// What <see cref="ConfigurationWatch.Content"/> said before the configuration to begin with was read.
    /// </summary>
    public required Dictionary<string, byte[]> FirstContent { get; init; }

    /// <summary>What is wanted at this moment.</summary>
    public HostIntent Intent => _configuration.Current.Intent;

    /// <summary>
    /// Reads the configuration and runs the checks again, as SIGHUP asks for. A service that does not serve yet does
    /// not say that it is ready.
    /// </summary>
    public void Reload()
    {
        if (!Volatile.Read(ref _serves))
        {
            _configuration.Reload();
            return;
        }

        Notify(notify => notify.Reloading());
        _configuration.Reload();
        Volatile.Read(ref _checks)?.Now();
        Notify(notify => notify.Ready(StatusLine()));
    }

    /// <summary>Runs until it is cancelled; an apply under way is then finished or undone first.</summary>
    /// <exception cref="ServiceException">It cannot start, or a part of it ended by itself.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        (ServiceLog log, TimeProvider time) = (_environment.Log, _environment.Time);
        var daemon = new UnixctlClient(_environment.Daemon, time);
        var database = new DatabaseWatch(_environment.Database, _changes, time);
        var history = new OffloadHistory(time);
        var flows = new FlowWatch(new DaemonFlows(daemon, LastState), FlowDumps, _changes, _flowLife, time)
        {
            IsEnabled = () => IsOn(FlowsCollector.Declaration.Name),
            Follower = history.Record,
        };
        using var route = new RouteSession();
        var filters = new TimedReading<FlowerCounts>(
            token => HostReader.CountAsync(route.TrafficControl, token), FlowDumps, _filterLife, time);
        var loop = new ReconcileLoop(
            _reconciler, () => _configuration.Current, _changes, _loopLife, log, new ReconcileOptions(), time);
        Volatile.Write(ref _loop, loop);
        StatusViews? views = null;
        var watch = new CheckWatch(
            _reconciler.ReadAsync, () => _configuration.Current.Intent, flows, daemon, _environment.Paths)
        {
            Follower = host =>
            {
                views?.Observe(host);
                loop.Observe(host.State);
            },
        };
        var checks = new TimedReading<VerifyReport>(watch.ReadAsync, () => CheckWatch.Timer, _checkLife, time);
        Volatile.Write(ref _checks, checks);
        views = new StatusViews(
            () => loop.Status, () => _configuration.Current, () => flows.Last, () => checks.Last, history, time);
        using var probes = new ScrapeProbes(_environment.Paths, LiveNetlink.Instance);
        MetricsListener? listening = null;
        ScrapeSources sources = ServiceSources.Of(
            probes, daemon, database, flows, filters, checks, () => _configuration.Current, () => loop.Status,
            () => listening?.Failures ?? 0);
        using var exporter = new Exporter(
            CollectorNames.Over(sources), IsOn, LogCollector, new ExporterOptions(), time);
        var health = new Health([_loopLife, _flowLife, _filterLife, _checkLife]);
        MetricsIntent metrics = _configuration.Current.Intent.Metrics;
        var pages = new MetricsPages(exporter.ScrapeAsync, health.Problems)
        {
            Status = () => StatusPage.Of(views.Now()),
        };
        WebAccessStore access = OpenAccess(metrics.WebConfig);
        await using var listener = new MetricsListener(
            token => MetricsServer.StartAsync(metrics.Listen, pages, access, token), log, time);
        listening = listener;
        await listener.StartAsync(WaitsForPort, stop.Token);
        log(LogPriority.Notice, StatusLine());
        Volatile.Write(ref _serves, true);
        Notify(notify => notify.Ready(StatusLine()));

        Task[] parts =
        [
            loop.RunAsync(stop.Token),
            listener.RunAsync(stop.Token),
            WatchRetry.RunForeverAsync(
                "link notifications", new LinkWatch(_changes).FollowAsync, log, time, stop.Token),
            WatchRetry.RunForeverAsync(
                "devlink notifications", new DevlinkWatch(_changes).FollowAsync, log, time, stop.Token),
            WatchRetry.RunForeverAsync(
                "Open vSwitch database notifications", database.FollowAsync, log, time, stop.Token),
            flows.RunAsync(stop.Token),
            filters.RunAsync(stop.Token),
            checks.RunAsync(stop.Token),
            ConfigurationWatch.RunAsync(_configuration.File, FirstContent, Reload, time, stop.Token),
            WatchRetry.RunForeverAsync(
                "notifications of agents' files",
                new AgentFilesWatch(_environment.Paths, () => Intent.SecurityGroups, _changes, time).FollowAsync,
                log, time, stop.Token),
            WatchdogAsync(health, stop.Token),
        ];
        Task ended = await FirstToFailAsync(parts);
        Notify(notify => notify.Stopping());
        await stop.CancelAsync();
        await Task.WhenAll(parts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!cancellation.IsCancellationRequested)
        {
            throw new ServiceException(
                "a part of the service ended unexpectedly: "
                    + $"{ended.Exception?.GetBaseException().Message}", ended.Exception);
        }
    }

    /// <summary>Parts may have nothing to do and end; one that throws, or is cancelled, ends the service.</summary>
    private static async Task<Task> FirstToFailAsync(Task[] parts)
    {
        HashSet<Task> left = parts.ToHashSet();
        while (true)
        {
            Task ended = await Task.WhenAny(left);
            if (!ended.IsCompletedSuccessfully)
            {
                return ended;
            }

            left.Remove(ended);
        }
    }

    /// <summary>A server that should ask for passwords never starts without.</summary>
    private WebAccessStore OpenAccess(string? webConfig)
    {
        try
        {
            return new WebAccessStore(webConfig, _environment.Log, _environment.Time);
        }
        catch (ConfigurationException failure)
        {
            throw new ServiceException(failure.Message, failure);
        }
    }

    private HostState? LastState() => Volatile.Read(ref _loop)?.Status.State;

    private FlowDumpIntent FlowDumps() => _configuration.Current.Intent.Metrics.FlowDump;

    private bool IsOn(string collector) =>
        _configuration.Current.Intent.Metrics.Collectors.GetValueOrDefault(collector, true);

    private void LogCollector(string name, string? failure) => _environment.Log(
        failure is null ? LogPriority.Notice : LogPriority.Warning,
        failure is null ? $"collector {name} has recovered" : $"collector {name} failed: {failure}");

    private string StatusLine() => _configuration.Current switch
    {
        { Configured: false } => "observing only: no configuration",
        { ReloadSucceeded: false } => $"running with the previous configuration: {_configuration.File} is invalid",
        _ => $"keeping the host matching {_configuration.File}",
    };

    /// <summary>Sends signs of life as long as every part is alive; twice as often as systemd asks for.</summary>
    private async Task WatchdogAsync(Health health, CancellationToken cancellation)
    {
        if (_environment.Notify.WatchdogInterval is not { } interval)
        {
            return;
        }

        using var timer = new PeriodicTimer(interval / 2, _environment.Time);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            if (health.Problems() is { IsEmpty: false } complaints)
            {
                _environment.Log(LogPriority.Error, $"watchdog notification withheld: {string.Join("; ", complaints)}");
            }
            else
            {
                Notify(notify => notify.KeepAlive());
            }
        }
    }

    /// <summary>A systemd that does not listen is no reason to stop.</summary>
    private void Notify(Action<SystemdNotify> message)
    {
        try
        {
            message(_environment.Notify);
        }
        catch (SocketException failure)
        {
            _environment.Log(LogPriority.Warning, $"cannot notify systemd: {failure.Message}");
        }
    }
}
