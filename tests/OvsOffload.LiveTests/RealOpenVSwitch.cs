using System.Diagnostics;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.LiveTests;

/// <summary>A real ovsdb-server and ovs-vswitchd of one Debian suite in a run directory of their own: userspace
/// datapath, dummy ports, nothing of the host.</summary>
internal sealed class RealOpenVSwitch : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromMinutes(5);

    private readonly OvsTree _tree;
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("ovs-offload-live-");
    private readonly List<Process> _processes = [];

    private RealOpenVSwitch(OvsTree tree) => _tree = tree;

    public string RunDirectory => _directory.FullName;

    public OvsdbOptions Ovsdb => new() { SocketPath = In("db.sock"), ApplyTimeout = StartTime };

    public UnixctlClient Unixctl =>
        new(new UnixctlOptions { RunDirectory = _directory.FullName }, TimeProvider.System);

    public OpenVSwitchReader Reader => new(Ovsdb, TimeProvider.System);

    public OpenVSwitchWriter Writer => new(Ovsdb, TimeProvider.System);

    /// <summary>The process of ovs-vswitchd.</summary>
    public Process Vswitchd => _processes[^1];

    /// <summary>Starts both daemons on an empty database.</summary>
    /// <param name="suite">Of <see cref="Suites"/>.</param>
    /// <param name="cancellationToken">Ends the wait for them.</param>
    /// <param name="dummies">False when only interfaces of type <c>dummy</c> are made up; any other is looked for on
    /// the host.</param>
    public static async Task<RealOpenVSwitch> StartAsync(
        string suite, CancellationToken cancellationToken, bool dummies = true)
    {
        var ovs = new RealOpenVSwitch(await OvsTree.OfAsync(suite, cancellationToken));
        try
        {
            await ovs.StartAsync(dummies ? "--enable-dummy=override" : "--enable-dummy", cancellationToken);
            return ovs;
        }
        catch
        {
            await ovs.DisposeAsync();
            throw;
        }
    }

    public Task<string> VsctlAsync(params string[] arguments) =>
        RunAsync("usr/bin/ovs-vsctl", ["--timeout=300", $"--db=unix:{In("db.sock")}", .. arguments]);

    public Task<string> AppctlAsync(params string[] arguments) =>
        RunAsync("usr/bin/ovs-appctl", ["--timeout=300", "-t", In($"ovs-vswitchd.{Vswitchd.Id}.ctl"), .. arguments]);

    /// <summary>Runs ovs-ofctl add-flow on a bridge.</summary>
    public Task AddOpenFlowAsync(string bridge, string flow) =>
        RunAsync("usr/bin/ovs-ofctl", ["--timeout=300", "add-flow", $"unix:{In(bridge + ".mgmt")}", flow]);

    /// <summary>Sends a signal, such as <c>STOP</c>, to ovs-vswitchd.</summary>
    public async Task SignalVswitchdAsync(string signal)
    {
        (int status, string _, string? error) = await OvsTree.RunAsync(
            new ProcessStartInfo("kill", ["-" + signal, Vswitchd.Id.ToString()]), CancellationToken.None);
        Assert.True(status == 0, error);
    }

    /// <summary>Kills ovs-vswitchd, so that it leaves its socket and pid file behind.</summary>
    public async Task KillVswitchdAsync()
    {
        Vswitchd.Kill();
        await Vswitchd.WaitForExitAsync();
    }

    /// <summary>Kills ovsdb-server likewise.</summary>
    public async Task KillDatabaseAsync()
    {
        Process server = _processes[^2];
        server.Kill();
        await server.WaitForExitAsync();
    }

    /// <summary>
    /// Takes the database's lock away from ovs-vswitchd, which then answers and takes nothing up, as while another one
    /// runs.
    /// </summary>
    public void StealLock()
    {
        ProcessStartInfo start = _tree.Program(
            "usr/bin/ovsdb-client", _directory.FullName, "steal", $"unix:{In("db.sock")}", "ovs_vswitchd");
        start.RedirectStandardOutput = true;
        _processes.Insert(0, Process.Start(start)!);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await StopVswitchdAsync();
        }
        finally
        {
            foreach (Process process in _processes)
            {
                process.Kill();
                await process.WaitForExitAsync();
                process.Dispose();
            }

            _directory.Delete(recursive: true);
        }
    }

    private async Task StopVswitchdAsync()
    {
        if (_processes.Count < 2 || Vswitchd.HasExited)
        {
            return;
        }

        await SignalVswitchdAsync("CONT");
        try
        {
            // An exit while the revalidators are paused hangs for ever, and so does a resume while they are not: none
            // is paused here.
            await Unixctl.CallAsync("exit", [], CancellationToken.None);
        }
        catch (OpenVSwitchException)
        {
            // One that does not answer is killed.
            return;
        }

        using var deadline = new CancellationTokenSource(StartTime);
        await Vswitchd.WaitForExitAsync(deadline.Token);
    }

    private async Task StartAsync(string dummies, CancellationToken cancellationToken)
    {
        await RunAsync(
            "usr/bin/ovsdb-tool", ["create", In("conf.db"), _tree.In("usr/share/openvswitch/vswitch.ovsschema")]);
        StartDaemon("usr/sbin/ovsdb-server", In("conf.db"), $"--remote=punix:{In("db.sock")}");
        await UntilAsync(
            async () => await OvsdbClient.ConnectAsync(Ovsdb, TimeProvider.System, cancellationToken),
            cancellationToken);
        await VsctlAsync("--no-wait", "init");
        // The threads of dummy-pmd ports would otherwise each keep a core busy (the key of 3.1, and of later ones).
        await VsctlAsync("--no-wait", "set", "Open_vSwitch", ".",
            "other_config:hw-offload=true", "other_config:pmd-maxsleep=500", "other_config:pmd-sleep-max=500");
        StartDaemon(
            "usr/lib/openvswitch-switch/ovs-vswitchd", $"unix:{In("db.sock")}",
            dummies, "--disable-system", "--disable-system-route");
        // It listens before it has read the database, and has its commands about datapaths only then.
        await UntilAsync(async () => await Unixctl.UpcallShowAsync(cancellationToken), cancellationToken);
    }

    private void StartDaemon(string program, params string[] arguments)
    {
        string name = Path.GetFileName(program);
        ProcessStartInfo start = _tree.Program(
            program, _directory.FullName,
            [.. arguments, $"--pidfile={In(name + ".pid")}", $"--log-file={In(name + ".log")}", "-vconsole:off"]);
        start.RedirectStandardError = true;
        Process process = Process.Start(start)!;
        process.BeginErrorReadLine();
        _processes.Add(process);
    }

    private static async Task UntilAsync<T>(Func<Task<T>> attempt, CancellationToken cancellationToken)
    {
        var started = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                (await attempt() as IDisposable)?.Dispose();
                return;
            }
            catch (Exception failure) when (failure is DaemonUnreachableException or ErrorReplyException
                && started.Elapsed < StartTime)
            {
                await Task.Delay(20, cancellationToken);
            }
        }
    }

    private async Task<string> RunAsync(string program, IEnumerable<string> arguments)
    {
        ProcessStartInfo start = _tree.Program(program, _directory.FullName, arguments);
        (int status, string? output, string? error) = await OvsTree.RunAsync(start, CancellationToken.None);
        Assert.True(status == 0, $"{program} {string.Join(' ', arguments)}: exit {status}: {error}");
        return output;
    }

    private string In(string name) => Path.Combine(_directory.FullName, name);
}
