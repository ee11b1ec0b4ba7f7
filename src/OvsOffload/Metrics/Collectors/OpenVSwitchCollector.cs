using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Metrics;

/// <summary>Collector <c>openvswitch</c>: whether Open vSwitch runs, and whether its hardware offload is on.</summary>
internal static class OpenVSwitchCollector
{
    private static readonly MetricFamily DatabaseUp =
        MetricFamily.Gauge("ovsdb_up", "Whether ovsdb-server responds");

    private static readonly MetricFamily DaemonUp =
        MetricFamily.Gauge("vswitchd_up", "Whether ovs-vswitchd accepts connections on its control socket");

    private static readonly MetricFamily Expected = MetricFamily.Gauge(
        "openvswitch_expected",
        "Whether the host needs Open vSwitch: it is installed or configured, and there is a bridge or a PF in "
            + "switchdev mode");

    private static readonly MetricFamily Info = MetricFamily.Gauge(
        "openvswitch_info", "Version of Open vSwitch and of its database schema: always 1", "version",
        "db_version");

    private static readonly MetricFamily Configured =
        MetricFamily.Gauge("hw_offload_configured", "Whether other_config:hw-offload is true");

    private static readonly MetricFamily Effective = MetricFamily.Gauge(
        "hw_offload_effective",
        "Whether hw-offload is active, determined from its effects; absent if unknown");

    private static readonly MetricFamily RestartRequired =
        MetricFamily.Gauge("restart_required", "Whether a setting needs a restart of ovs-vswitchd to take effect");

    /// <summary>Its name and families.</summary>
    public static CollectorDeclaration Declaration { get; } = CollectorDeclaration.Of(
        "openvswitch", [DatabaseUp, DaemonUp, Expected, Info, Configured, Effective, RestartRequired], ReadAsync,
        Samples);

    private static async Task<SwitchFacts> ReadAsync(ScrapeSources sources, CancellationToken cancellation)
    {
        bool up = await sources.IsDaemonUp(cancellation);
        return sources.IsDatabaseTried()
            ? SwitchFacts.Of(sources.LastHost(), sources.Database(), up)
            : throw new CollectorException("ovsdb-server has not been read yet") { IsPending = true };
    }

    /// <summary>The samples. What a daemon that is down would have to tell is left out.</summary>
    /// <exception cref="CollectorException">Open vSwitch is installed or configured, and a daemon is down; it holds
    /// what is true all the same.</exception>
    public static IEnumerable<Sample> Samples(SwitchFacts facts)
    {
        Sample[] known = [.. Known(facts)];
        return facts.Failure is null
            ? known
            : throw new CollectorException(facts.Failure) { StillTrue = [.. known] };
    }

    private static IEnumerable<Sample> Known(SwitchFacts facts)
    {
        yield return DatabaseUp.Of(facts.Database is not null);
        yield return DaemonUp.Of(facts.DaemonUp);
        if (facts.IsExpected is { } expected)
        {
            yield return Expected.Of(expected);
        }

        if (facts.Database is { } database)
        {
            yield return Info.Of(1, database.Version ?? "", database.SchemaVersion ?? "");
            yield return Configured.Of(database.HwOffload);
        }

        if (facts.DaemonUp && facts.HwOffloadEffective is { } effective)
        {
            yield return Effective.Of(effective);
        }

        if (facts.DaemonUp && facts.RestartRequired is { } restart)
        {
            yield return RestartRequired.Of(restart);
        }
    }
}

/// <summary>What is known of Open vSwitch at the moment of a scrape.</summary>
/// <param name="Database">The database's facts; null while ovsdb-server does not answer.</param>
/// <param name="DaemonUp">Whether ovs-vswitchd takes connections.</param>
/// <param name="HwOffloadEffective">Whether offload is in force; null when nothing shows it either way.</param>
/// <param name="RestartRequired">Whether a restart is pending; null when that could not be told.</param>
internal sealed record SwitchFacts(
    DatabaseFacts? Database, bool DaemonUp, bool? HwOffloadEffective, bool? RestartRequired)
{
    /// <summary>Whether the host needs Open vSwitch; null while the host is not known.</summary>
    public bool? IsExpected { get; init; }

    /// <summary>Whether Open vSwitch has to answer, because it is installed or configured.</summary>
    public bool HasToAnswer { get; init; }

    /// <summary>What is down and should not be; null where nothing is.</summary>
    public string? Failure => (HasToAnswer, Database, DaemonUp) switch
    {
        (false, _, _) => null,
        (_, null, false) => "neither ovsdb-server nor ovs-vswitchd responds",
        (_, null, _) => "ovsdb-server does not respond",
        (_, _, false) => "ovs-vswitchd does not respond",
        _ => null,
    };

    /// <summary>Judges.</summary>
    /// <param name="host">The host as it was read last; null before the first time.</param>
    /// <param name="database">The database now; null while ovsdb-server does not answer.</param>
    /// <param name="daemonUp">Whether ovs-vswitchd takes connections now.</param>
    public static SwitchFacts Of(Observation? host, OpenVSwitchDatabase? database, bool daemonUp)
    {
        bool? restart = database is null || host is null
            ? null
            : (SwitchRestart.Why(host.Intent.OpenVSwitch, host.State.OpenVSwitch)
                ?? SwitchRestart.Why(host.State.OpenVSwitch)) is not null;
        return new SwitchFacts(
            database is null ? null : DatabaseFacts.Of(database), daemonUp,
            host?.State.OpenVSwitch.HwOffload.ValueOrDefault()?.IsActive, restart)
        {
            IsExpected = host is null ? null : host.WhySwitch is not null && IsUsed(host),
            HasToAnswer = host?.WhySwitch is not null,
        };
    }

    /// <summary>Whether there is anything that Open vSwitch forwards, or is to; the kernel's datapath outlives the
    /// daemons.</summary>
    private static bool IsUsed(Observation host) =>
        host.Intent.Bridges.Count > 0
        || host.State.KnownFunctions.Any(pf => pf.Mode == EswitchMode.Switchdev)
        || host.State.Devices.ValueOr([]).Any(device => device.Kind == SwitchPorts.KernelKind)
        || host.State.OpenVSwitch.Database.ValueOrDefault()?.Bridges.Count > 0;
}

/// <summary>Facts of table Open_vSwitch.</summary>
/// <param name="Version">Column <c>ovs_version</c>; null while ovs-vswitchd or its start script has not set it.</param>
/// <param name="SchemaVersion">Column <c>db_version</c>.</param>
/// <param name="HwOffload">Whether ovs-vswitchd takes <c>other_config:hw-offload</c> for true.</param>
internal sealed record DatabaseFacts(string? Version, string? SchemaVersion, bool HwOffload)
{
    /// <summary>Those of a database.</summary>
    public static DatabaseFacts Of(OpenVSwitchDatabase database) =>
        new(database.OvsVersion, database.DbVersion, database.OffloadConfigured);
}
