using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace OvsOffload.LabTests;

/// <summary>
/// One boot of the lab: builds it when needed, boots on the first script, runs scripts one after the other, boots again
/// after one that killed the guest, and powers off at the end. The protocol is that of <c>guest/lab-agent</c>.
/// </summary>
/// <param name="guest">What <c>tests/lab/boot</c> boots: a kernel, or a release of Debian.</param>
/// <param name="cards">The number of NICs, 1 or 2.</param>
public abstract class LabMachine(string guest, int cards = 1) : IAsyncLifetime
{
    // Nothing is measured yet: each try has twice the time of the one before, the last enough for a machine with many
    // times more to do than it can. The emulator loses a timer once in a hundred boots, and such a guest never comes
    // up.
    private static readonly TimeSpan[] BootTimes =
        [TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(8)];

    // How much longer than a script's limit the guest may take to kill it and to say so, times its pace.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    // How long a guest may take from the request to reboot to its reset, times its pace.
    private static readonly TimeSpan ShutdownTime = TimeSpan.FromSeconds(60);

    private Process? _machine;
    private Task<string>? _machineErrors;
    private string? _program;
    private int _jobs;

    /// <summary>What was booted: the kernel's release as the lab names it, 6.12 or 6.1, or Debian's.</summary>
    public string Guest => guest;

    /// <summary>The folder that is <c>/lab</c> in the guest; its <c>console.log</c> is the guest's console.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory($"ovs-offload-lab-{guest}-").FullName;

    /// <summary>The port of this machine's loopback that reaches the guest's port 9975.</summary>
    public int ForwardedPort { get; private set; }

    /// <summary>How often the guest was booted; above 1 after a guest that died.</summary>
    public int Boots { get; private set; }

    /// <summary>By what every limit is multiplied, as <c>guest/lab-pace</c> measured; 0 before the boot.</summary>
    public int Pace { get; private set; }

    /// <summary>Why there is no lab on this machine, or null: tests are skipped with it.</summary>
    public string? Unavailable { get; private set; }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (!Environment.IsPrivilegedProcess && !File.Exists(Path.Combine(LabFiles.Cache, "guest.img")))
        {
            Unavailable = $"The lab is not built in {LabFiles.Cache}: run tests/lab/build as root.";
            return;
        }

        await HostProcess.RunAsync(Path.Combine(LabFiles.Lab, "build"), [], TestContext.Current.CancellationToken);
    }

    /// <summary>
    /// Runs a bash script in the guest with <c>lab-functions</c> at hand. Any exit status is a result; a guest that
    /// dies or no longer answers is an exception with the end of its console, and the next script boots anew.
    /// </summary>
    /// <param name="script">The script.</param>
    /// <param name="timeout">How long it may take on a fast guest; it is multiplied by <see cref="Pace"/>.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<LabResult> RunAsync(string script, TimeSpan timeout, CancellationToken cancellation)
    {
        Process machine = await BootAsync(cancellation);
        string job = (++_jobs).ToString(CultureInfo.InvariantCulture);
        string folder = Directory.CreateDirectory(Path.Combine(Folder, "jobs", job)).FullName;
        await File.WriteAllTextAsync(
            Path.Combine(folder, "script"), $"set -uo pipefail\n. lab-functions\n{script}\n", cancellation);

        await machine.StandardInput.WriteLineAsync($"run {job} {(int)timeout.TotalSeconds}".AsMemory(), cancellation);
        await machine.StandardInput.FlushAsync(cancellation);
        string reply = await AnswerAsync(machine, (timeout + Grace) * Pace, $"the script\n{script}", cancellation);
        string[] fields = reply.Split(' ');
        if (fields.Length != 4 || fields[0] != "done" || fields[1] != job)
        {
            throw new InvalidOperationException(
                $"The lab's agent said \"{reply}\" instead of \"done {job} STATUS exit|timeout\".");
        }

        string Left(string name) => File.ReadAllText(Path.Combine(folder, name));
        return new LabResult(script, int.Parse(fields[2], CultureInfo.InvariantCulture), fields[3] == "timeout",
            Left("output"), Left("errors"), Left("kernel.log"));
    }

    /// <summary>Puts the published program into the shared folder, as <c>/lab/ovs-offload</c>.</summary>
    public async Task PutProgramAsync(CancellationToken cancellation)
    {
        if (_program is not null)
        {
            return;
        }

        string? program = Environment.GetEnvironmentVariable("OVS_OFFLOAD_BINARY");
        if (string.IsNullOrEmpty(program))
        {
            string published = Path.Combine(LabFiles.Cache, "program");
            await HostProcess.RunAsync(
                Path.Combine(LabFiles.Root, "src", "packaging", "publish"), [published], cancellation);
            program = Path.Combine(published, "ovs-offload");
        }

        File.Copy(program, Path.Combine(Folder, "ovs-offload"), overwrite: true);
        _program = program;
    }

    /// <summary>Ends the boot at once, as a power cut would.</summary>
    public async Task CutPowerAsync()
    {
        if (_machine is not { } machine)
        {
            return;
        }

        _machine = null;
        machine.Kill();
        await machine.WaitForExitAsync();
        machine.Dispose();
    }

    /// <summary>
    /// Boots, when there is no guest, and cuts the power so long after QEMU has started: in the midst of the boot.
    /// </summary>
    public async Task CutPowerInBootAsync(TimeSpan after, CancellationToken cancellation)
    {
        await CutPowerAsync();
        StartGuest(cancellation);
        await Task.Delay(after, cancellation);
        await CutPowerAsync();
    }

    /// <summary>
    /// Has a guest with an init of its own reboot itself; returns once it is up again. QEMU ends with the guest's reset
    /// and is started anew: a processor that the emulator resets loses its timer more often than a new one.
    /// </summary>
    public async Task RebootAsync(CancellationToken cancellation)
    {
        Process machine = await BootAsync(cancellation);
        await machine.StandardInput.WriteLineAsync("reboot".AsMemory(), cancellation);
        await machine.StandardInput.FlushAsync(cancellation);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(ShutdownTime * Pace);
        try
        {
            await machine.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            await CutPowerAsync();
            throw new LabMachineDiedException(
                $"The guest ({guest}) did not reboot within {ShutdownTime.TotalSeconds * Pace:0} s\n{ConsoleTail()}");
        }

        await CutPowerAsync();
        await BootAsync(cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_machine is { HasExited: false } machine)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10) * Math.Max(Pace, 1));
            try
            {
                await machine.StandardInput.WriteLineAsync("off".AsMemory(), limit.Token);
                await machine.StandardInput.FlushAsync(limit.Token);
                await machine.WaitForExitAsync(limit.Token);
            }
            catch (Exception error) when (error is OperationCanceledException or IOException)
            {
                machine.Kill();
            }
        }

        _machine?.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private async Task<Process> BootAsync(CancellationToken cancellation)
    {
        if (_machine is { HasExited: false })
        {
            return _machine;
        }

        string? ready = null;
        for (int late = 0, skewed = 0; ready is null;)
        {
            await CutPowerAsync();
            try
            {
                ready = await StartAsync(BootTimes[late], cancellation);
            }
            catch (LabMachineDiedException died) when (++late < BootTimes.Length)
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"Booted anew: {died.Message}");
            }

            if (ready?.StartsWith("skewed ", StringComparison.Ordinal) == true && ++skewed < 5)
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"Booted anew: the clock is {ready} s");
                ready = null;
            }
        }

        Pace = ready.Split(' ') is ["ready", _, var pace]
            ? int.Parse(pace, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException(
                $"The lab's agent said \"{ready}\" instead of \"ready RELEASE PACE\".");
        return _machine!;
    }

    /// <summary>Boots, and says what the agent says first.</summary>
    private Task<string> StartAsync(TimeSpan limit, CancellationToken cancellation) =>
        AnswerAsync(StartGuest(cancellation), limit, "the boot", cancellation);

    private Process StartGuest(CancellationToken cancellation)
    {
        ForwardedPort = FreePort();
        _machine = new Process
        {
            StartInfo = new ProcessStartInfo(Path.Combine(LabFiles.Lab, "boot"),
                [
                    guest, Folder, cards.ToString(CultureInfo.InvariantCulture),
                    ForwardedPort.ToString(CultureInfo.InvariantCulture),
                ])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        _machine.Start();
        _machineErrors = _machine.StandardError.ReadToEndAsync(cancellation);
        Boots++;
        return _machine;
    }

    /// <summary>The agent's next line; a guest that is silent for too long, or gone, is taken for dead.</summary>
    private async Task<string> AnswerAsync(
        Process machine, TimeSpan limit, string during, CancellationToken cancellation)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timer.CancelAfter(limit);
        string? line = null;
        try
        {
            line = await machine.StandardOutput.ReadLineAsync(timer.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // Said below, with what the guest showed last.
        }

        if (line is not null)
        {
            return line;
        }

        string how = machine.HasExited ? "died" : $"did not answer within {limit.TotalSeconds:0} s";
        await CutPowerAsync();
        string errors = _machineErrors is null ? "" : await _machineErrors;
        throw new LabMachineDiedException(
            $"The guest ({guest}) {how} during {during}\n"
            + $"--- end of its console\n{ConsoleTail()}\n--- QEMU\n{errors}");
    }

    private string ConsoleTail()
    {
        string console = Path.Combine(Folder, "console.log");
        return File.Exists(console) ? string.Join('\n', File.ReadLines(console).TakeLast(60)) : "(none)";
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>The guest panicked, powered off, or no longer answers.</summary>
public sealed class LabMachineDiedException(string message) : Exception(message);
