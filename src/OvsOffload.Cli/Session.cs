using System.CommandLine;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Intent.Configuration;
using OvsOffload.Metrics;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;

namespace OvsOffload.Cli;

/// <summary>What every command begins with: the configuration, and a reader of this host.</summary>
internal sealed class Session
{
    private Session(HostIntent? intent, string configFile, OvsdbOptions database)
    {
        Intent = intent ?? HostIntent.Observe;
        Configured = intent is not null;
        ConfigFile = configFile;
        CurrentIntent = () => Intent;
        Reader = new HostReader(HostPaths.Real, database, Daemon, TimeProvider.System)
        {
            SecurityGroups = () => CurrentIntent().SecurityGroups,
        };
    }

    /// <summary>What the operator means; <see cref="HostIntent.Observe"/> without a configuration.</summary>
    public HostIntent Intent { get; }

    /// <summary>Whether there is a configuration.</summary>
    public bool Configured { get; }

    /// <summary>The configuration's file, be it there or not.</summary>
    public string ConfigFile { get; }

    /// <summary>The intent that the reader asks for whom it has to ask; a service takes up another.</summary>
    public Func<HostIntent> CurrentIntent { get; set; }

    /// <summary>Reads this host.</summary>
    public HostReader Reader { get; }

    /// <summary>Reads what checks and status stand on.</summary>
    public ObservationReader Observations => new(
        HostPaths.Real, Reader.ReadAsync, new UnixctlClient(Daemon, TimeProvider.System));

    /// <summary>Whether the program runs as root.</summary>
    public static bool IsRoot => Environment.IsPrivilegedProcess;

    /// <summary>Where ovsdb-server is; <c>OVS_RUNDIR</c> moves it, as for Open vSwitch's own tools.</summary>
    public static OvsdbOptions Database => RunDirectory is { } directory
        ? new OvsdbOptions { SocketPath = Path.Combine(directory, "db.sock") }
        : new OvsdbOptions();

    /// <summary>
    /// The same before Open vSwitch is started: a connection would make systemd start it, and wait for that while it
    /// waits for the caller.
    /// </summary>
    public static OvsdbOptions DatabaseOfBoot => Database with
    {
        Unasked = () => new OpenFiles(HostPaths.Real).Runs("ovsdb-server").ValueOr(true)
            ? null
            : "Open vSwitch is not running",
    };

    /// <summary>Where ovs-vswitchd is; <c>OVS_RUNDIR</c> moves it.</summary>
    public static UnixctlOptions Daemon => new() { RunDirectory = RunDirectory };

    private static string? RunDirectory => Environment.GetEnvironmentVariable("OVS_RUNDIR");

    /// <summary>
    /// Reads the configuration; null when it is wrong, which has then been said. Without <c>--config</c> an absent file
    /// means that the program only observes.
    /// </summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="globals">Its global options.</param>
    /// <param name="database">Where ovsdb-server is; <see cref="Database"/> by default.</param>
    public static Session? Open(ParseResult parsed, GlobalOptions globals, OvsdbOptions? database = null)
    {
        database ??= Database;
        string? asked = parsed.GetValue(globals.Config);
        var profiles = new BondProfiles(HostPaths.Real);
        try
        {
            return asked is null
                ? new Session(
                    ConfigurationReader.ReadIfPresent(
                        ConfigurationReader.DefaultPath, CollectorNames.All, profiles),
                    ConfigurationReader.DefaultPath,
                    database)
                : new Session(ConfigurationReader.Read(asked, CollectorNames.All, profiles), asked, database);
        }
        catch (ConfigurationException failure)
        {
            WriteErrors(failure);
            return null;
        }
    }

    /// <summary>The configuration's file, be it there or not.</summary>
    public static string FileOf(ParseResult parsed, GlobalOptions globals) =>
        parsed.GetValue(globals.Config) ?? ConfigurationReader.DefaultPath;

    /// <summary>Says what is wrong in a configuration.</summary>
    public static void WriteErrors(ConfigurationException failure)
    {
        foreach (ConfigurationError error in failure.Errors)
        {
            Output.Error($"{error.Position}: {error.Message}");
        }
    }

    /// <summary>The same, for a command that needs a configuration.</summary>
    public static Session? OpenConfigured(ParseResult parsed, GlobalOptions globals, OvsdbOptions? database = null)
    {
        Session? session = Open(parsed, globals, database);
        if (session is { Configured: false })
        {
            Output.Error($"no configuration: {session.ConfigFile} does not exist. Create it (see config.example.yaml) "
                + "or use --config FILE");
            return null;
        }

        return session;
    }
}
