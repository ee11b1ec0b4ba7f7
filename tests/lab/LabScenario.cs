using System.Diagnostics;
using System.Reflection;
using System.Text;
using Xunit.v3;

namespace OvsOffload.LabTests;

/// <summary>
/// A test in the guest. Before its first script the guest is put back to what it was after the boot and the NIC is
/// loaded with the parameters of <see cref="NicAttribute"/>; after it, a kernel that warned fails the test. When a test
/// fails, all its scripts with what they printed, and the logs of the program and of Open vSwitch, stand in the test's
/// output.
/// </summary>
public abstract class LabScenario(LabMachine machine) : IAsyncLifetime
{
    // As on a fast guest; LabMachine.Pace stretches it.
    private static readonly TimeSpan ScriptTime = TimeSpan.FromSeconds(60), ResetTime = TimeSpan.FromSeconds(30);

    private readonly List<LabResult> _transcript = [];
    private bool _isReset;

    /// <summary>The boot that this scenario runs in.</summary>
    protected LabMachine Machine => machine;

    /// <summary>What puts the guest back and loads the NIC; the NIC's parameters follow.</summary>
    protected virtual string ResetCommand => "lab-reset";

    /// <summary>The test's own cancellation.</summary>
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <inheritdoc/>
    public ValueTask InitializeAsync()
    {
        Assert.SkipWhen(machine.Unavailable is not null, machine.Unavailable ?? "");
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// Puts the guest back and loads the NIC with these parameters; done with the attribute's when a test does not.
    /// </summary>
    protected async Task ResetAsync(string? parameters = null)
    {
        _isReset = true;
        string reset = $"{ResetCommand} {parameters ?? AttributeParameters()}";
        LabResult result;
        try
        {
            result = await RecordAsync(reset, ResetTime);
        }
        catch (LabMachineDiedException died)
        {
            // The emulator loses a timer once in a hundred guests. Nothing of this scenario has run yet: a new boot it
            // is.
            TestContext.Current.TestOutputHelper?.WriteLine($"Booted anew, as the reset did not end: {died.Message}");
            result = await RecordAsync(reset, ResetTime);
        }

        Assert.True(result.ExitCode == 0, $"The reset failed.\n{result}");
    }

    /// <summary>Runs a script, whatever its exit status.</summary>
    protected async Task<LabResult> TryAsync(string script, TimeSpan? timeout = null)
    {
        if (!_isReset)
        {
            await ResetAsync();
        }

        return await RecordAsync(script, timeout ?? ScriptTime);
    }

    /// <summary>Runs a script that ends at its first failing command; any but exit status 0 fails the test.</summary>
    protected async Task<LabResult> RunAsync(string script, TimeSpan? timeout = null)
    {
        LabResult result = await TryAsync($"set -e\n{script}", timeout);
        Assert.True(result.ExitCode == 0, $"A command failed.\n{result}");
        return result;
    }

    /// <summary>Puts the published program at <c>/usr/local/bin/ovs-offload</c>.</summary>
    protected async Task UseProgramAsync()
    {
        await machine.PutProgramAsync(Cancellation);
        // Copied into memory once per boot: to run it from the shared folder would read every page over 9p.
        await RunAsync(
            """
            [ -x /run/lab/ovs-offload ] || install /lab/ovs-offload /run/lab/ovs-offload
            ln -sf /run/lab/ovs-offload /usr/local/bin/ovs-offload
            """);
    }

    /// <summary>Starts <c>ovs-offload</c> in the background; its log comes with a failed test.</summary>
    protected Task<LabResult> StartProgramAsync(string arguments) =>
        RunAsync($"setsid ovs-offload {arguments} > /var/log/ovs-offload.log 2>&1 &");

    /// <summary>Writes a file in the guest, its folder too.</summary>
    protected async Task WriteFileAsync(string path, string content)
    {
        string encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(content));
        await RunAsync($"mkdir -p '{Path.GetDirectoryName(path)}'; base64 -d > '{path}' <<< {encoded}");
    }

    /// <summary>Switchdev mode with this many VFs for one port of the card.</summary>
    protected Task MakeSwitchdevAsync(int function = 0, int vfs = 2) => RunAsync($"make_switchdev {function} {vfs}");

    /// <summary>Starts Open vSwitch with a bridge br0, hardware offload on if not said otherwise.</summary>
    protected Task StartOpenVSwitchAsync(bool hardwareOffload = true) =>
        RunAsync($"start_openvswitch hw-offload={(hardwareOffload ? "true" : "false")}; ovs-vsctl add-br br0");

    /// <summary>A network namespace that holds the VF, as a virtual machine would.</summary>
    protected Task AddGuestAsync(string name, int function, int vf, string address) =>
        RunAsync($"add_guest {name} {function} {vf} {address}");

    /// <summary>Sends pings from a guest, 20 a second; the test fails when one gets lost.</summary>
    protected Task PingAsync(string guest, string address, int count = 20) =>
        RunAsync($"ip netns exec {guest} ping -q -c {count} -i 0.05 {address}");

    /// <summary>
    /// Pings from a guest from now on, so that flows do not idle out while they are read, however long that takes.
    /// </summary>
    protected Task StartTrafficAsync(string guest, string address) => RunAsync($"start_traffic {guest} {address}");

    /// <summary>Flows that Open vSwitch says are in hardware.</summary>
    protected Task<IReadOnlyList<string>> OffloadedFlowsAsync() => FlowsAsync("offloaded");

    /// <summary>Flows of one <c>type</c> of dpctl/dump-flows.</summary>
    protected async Task<IReadOnlyList<string>> FlowsAsync(string type) =>
        (await RunAsync($"ovs-appctl dpctl/dump-flows -m type={type}")).Lines;

    /// <summary>
    /// Flows in hardware, once one is there that has all these texts; for flows that traffic keeps meanwhile.
    /// </summary>
    protected Task<IReadOnlyList<string>> UntilOffloadedAsync(params string[] texts) => UntilAsync(
        $"a flow in hardware with {string.Join(" and ", texts)}",
        OffloadedFlowsAsync,
        flows => flows.Any(flow => Array.TrueForAll(texts, text => flow.Contains(text, StringComparison.Ordinal))),
        flows => string.Join('\n', flows));

    /// <summary>Reads until something holds; the test fails with what was read last when it does not.</summary>
    /// <param name="what">What is waited for.</param>
    /// <param name="read">Reads it.</param>
    /// <param name="holds">Whether it is so.</param>
    /// <param name="tell">What was read, as a failure shows it.</param>
    /// <param name="seconds">For how long on a fast guest; the guest's pace stretches it.</param>
    protected async Task<T> UntilAsync<T>(
        string what, Func<Task<T>> read, Predicate<T> holds, Func<T, string?> tell, int seconds = 60)
    {
        var begun = Stopwatch.StartNew();
        while (true)
        {
            T last = await read();
            if (holds(last))
            {
                return last;
            }

            Assert.True(
                begun.Elapsed < TimeSpan.FromSeconds(seconds) * machine.Pace,
                $"not so after {begun.Elapsed.TotalSeconds:0} s: {what}; seen last:\n{tell(last)}");
            await Task.Delay(TimeSpan.FromMilliseconds(200), Cancellation);
        }
    }

    /// <summary>Changes a parameter of the loaded NIC.</summary>
    protected Task SetNicAsync(string parameter, object value) =>
        RunAsync($"echo {value} > /sys/module/mlx5sim/parameters/{parameter}");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            await ShowAsync();
        }

        string[] faults = _transcript.SelectMany(result => result.KernelFaults).ToArray();
        Assert.True(faults.Length == 0,
            $"The kernel complained:\n{string.Join('\n', _transcript.Select(result => result.KernelLog))}");
    }

    private async Task<LabResult> RecordAsync(string script, TimeSpan timeout)
    {
        LabResult result = await machine.RunAsync(script, timeout, Cancellation);
        _transcript.Add(result);
        return result;
    }

    private async Task ShowAsync()
    {
        ITestOutputHelper? output = TestContext.Current.TestOutputHelper;
        if (output is null)
        {
            return;
        }

        foreach (LabResult result in _transcript)
        {
            output.WriteLine(result.ToString());
        }

        LabResult logs = await machine.RunAsync(
            "tail -n 200 /var/log/ovs-offload.log /var/log/openvswitch/ovs-vswitchd.log 2>/dev/null",
            ScriptTime, CancellationToken.None);
        output.WriteLine($"--- logs\n{logs.Output}");
    }

    private static string AttributeParameters()
    {
        MethodInfo? method = (TestContext.Current.TestMethod as IXunitTestMethod)?.Method;
        NicAttribute? attribute = method?.GetCustomAttribute<NicAttribute>()
            ?? method?.ReflectedType?.GetCustomAttribute<NicAttribute>();
        return attribute?.Parameters ?? "";
    }
}
