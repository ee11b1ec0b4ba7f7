using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace OvsOffload.LabTests;

/// <summary>
/// A scenario with the published program, a configuration for the card's first port, and Open vSwitch.
/// </summary>
public abstract class ProgramScenario(LabMachine machine) : LabScenario(machine)
{
    /// <summary>The first port of the card.</summary>
    protected const string Pf = "0000:01:00.0";

    /// <summary>Where the configuration lies in the guest.</summary>
    protected const string Config = "/etc/ovs-offload/config.yaml";

    /// <summary>Waits until the service serves.</summary>
    protected const string Serves = "wait_until 60 curl -sf -o /dev/null http://127.0.0.1:9975/metrics";

    private static readonly TimeSpan ProgramTime = TimeSpan.FromSeconds(120);

    /// <summary>
    /// A whole configuration: switchdev, VFs with stable addresses, a bridge with all representors, hw-offload.
    /// </summary>
    protected static string Wanted(int vfs = 4, string macs = "stable", string more = "") =>
        $"""
        version: 1
        nics:
          - pf: "{Pf}"
            mode: switchdev
            vfs: {vfs}
            vf-macs: {macs}
        bridges:
          - name: br1
            uplink: "{Pf}"
            representors: all
        openvswitch:
          hw-offload: true
        {more}
        """;

    /// <summary>The same without Open vSwitch: only the NIC.</summary>
    protected static string NicOnly(int vfs = 4, string macs = "keep") =>
        $"""
        version: 1
        nics:
          - pf: "{Pf}"
            mode: switchdev
            vfs: {vfs}
            vf-macs: {macs}
        """;

    /// <summary>Puts program and configuration in place.</summary>
    protected async Task ConfigureAsync(string configuration)
    {
        await UseProgramAsync();
        await WriteFileAsync(Config, configuration);
    }

    /// <summary>Runs the program, whatever its exit status.</summary>
    protected Task<LabResult> ProgramAsync(string arguments) => TryAsync($"ovs-offload {arguments}", ProgramTime);

    /// <summary>Runs the program and checks its exit status.</summary>
    protected async Task<LabResult> ProgramAsync(int status, string arguments)
    {
        LabResult result = await ProgramAsync(arguments);
        Assert.True(result.ExitCode == status, $"exit status {status} was expected.\n{result}");
        return result;
    }

    /// <summary>Runs the program with --json and reads what it printed.</summary>
    protected async Task<JsonElement> JsonAsync(string arguments, int? status = null)
    {
        LabResult result = await ProgramAsync($"{arguments} --json");
        Assert.True(status is null || result.ExitCode == status, $"exit status {status} was expected.\n{result}");
        using var document = JsonDocument.Parse(result.Output);
        return document.RootElement.Clone();
    }

    /// <summary>What of the host an apply may change, as the kernel's and Open vSwitch's own tools tell it.</summary>
    protected async Task<string> HostAsync() => (await RunAsync(
        """
        devlink dev eswitch show pci/0000:01:00.0
        devlink dev param show pci/0000:01:00.0 name flow_steering_mode
        cat /sys/bus/pci/devices/0000:01:00.0/sriov_numvfs /sys/bus/pci/devices/0000:01:00.0/sriov_drivers_autoprobe
        for vf in /sys/bus/pci/devices/0000:01:00.0/virtfn*; do
          [ -e "$vf" ] || continue
          echo "$vf $(readlink "$vf") $(basename "$(readlink "$vf/driver" || echo none)") $(cat "$vf/driver_override")"
        done
        ip link show "$(uplink 0)" | sed -n 's/ *\(vf [0-9]*\)/\1/p'
        ip -d link show "$(uplink 0)" | grep -o 'state [A-Z]*' | head -1
        [ ! -e /run/openvswitch/ovs-vswitchd.pid ] || { ovs-vsctl get Open_vSwitch . other_config; ovs-vsctl list-br; }
        """)).Output;

    /// <summary>Two guests on VFs 0 and 1 whose frames cross the bridge, with addresses 10.0.0.1 and .2.</summary>
    protected Task AddTwoGuestsAsync() => RunAsync(
        "for vf in 0 1; do add_guest n$vf 0 $vf 10.0.0.$((vf + 1))/24; done; introduce n0 n1");

    /// <summary>Starts the service and waits until it serves; metrics at the guest's port 9975.</summary>
    protected async Task StartServiceAsync()
    {
        await StartProgramAsync("run");
        await RunAsync(Serves, TimeSpan.FromSeconds(90));
    }

    /// <summary>
    /// <c>REASON SOURCE FLOW</c> of every flow that is not offloaded, once each of these is among them.
    /// </summary>
    /// <param name="expected">What a line begins with, and what else it has.</param>
    protected Task<string[]> WhyAsync(params (string Start, string Part)[] expected) => UntilAsync(
        $"flows with {string.Join(", ", expected)}",
        async () => (string[])
        [
            .. (await JsonAsync("flows why", status: 3)).GetProperty("flows").EnumerateArray().Select(flow =>
                $"{flow.GetProperty("reason").GetString()} {flow.GetProperty("source").GetString()} "
                    + flow.GetProperty("flow").GetString()),
        ],
        flows => Array.TrueForAll(expected, one => flows.Any(flow =>
            flow.StartsWith(one.Start, StringComparison.Ordinal) && flow.Contains(one.Part, StringComparison.Ordinal))),
        flows => string.Join('\n', flows),
        seconds: 20);

    /// <summary>One scrape.</summary>
    protected async Task<Metrics> ScrapeAsync() =>
        new((await RunAsync("curl -sf http://127.0.0.1:9975/metrics")).Lines);

    /// <summary>
    /// Seconds between scrapes that this guest can bear: several times what the slowest of some takes, once the first
    /// ones, in which the program still warms up, are over; 2 on a fast guest.
    /// </summary>
    protected async Task<int> ScrapeIntervalAsync()
    {
        LabResult slowest = await RunAsync(
            """
            for scrape in {1..9}; do curl -sf -o /dev/null -w '%{time_total}\n' http://127.0.0.1:9975/metrics; done |
              tail -n 5 | sort -n | tail -n 1
            """);
        double seconds = double.Parse(slowest.Text, CultureInfo.InvariantCulture);
        return 2 * Math.Max((int)Math.Ceiling(seconds * 2), (Machine.Pace + 2) / 3);
    }

    /// <summary>Scrapes until something holds; the test fails with the last scrape when it does not.</summary>
    protected Task<Metrics> ScrapeUntilAsync(
        Predicate<Metrics> holds, [CallerArgumentExpression(nameof(holds))] string what = "") =>
        UntilAsync(what, ScrapeAsync, holds, metrics => metrics.ToString());
}

/// <summary>The samples of one scrape, as text.</summary>
public sealed class Metrics(IReadOnlyList<string> lines)
{
    /// <summary>The values of all samples of a metric whose labels contain all these texts.</summary>
    public IReadOnlyList<double> All(string name, params string[] labels) =>
    [
        .. lines.Where(line => (line.StartsWith($"ovs_offload_{name}{{", StringComparison.Ordinal)
                || line.StartsWith($"ovs_offload_{name} ", StringComparison.Ordinal))
            && labels.All(label => line.Contains(label, StringComparison.Ordinal)))
            .Select(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture)),
    ];

    /// <summary>
    /// Whether each of these metrics has a sample: a collector that takes longer than its limit, as one may while the
    /// program still warms up, has none.
    /// </summary>
    public bool Has(params string[] names) => Array.TrueForAll(names, name => All(name).Count > 0);

    /// <summary>The sum of them; fails the test when there is none, since nothing is not zero.</summary>
    public double Sum(string name, params string[] labels)
    {
        IReadOnlyList<double> values = All(name, labels);
        Assert.True(values.Count > 0, $"no sample of {name} with {string.Join(' ', labels)}\n{this}");
        return values.Sum();
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join('\n', lines);
}
