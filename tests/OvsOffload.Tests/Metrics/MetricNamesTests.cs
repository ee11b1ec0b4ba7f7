using System.ComponentModel;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Text.RegularExpressions;
using OvsOffload.Metrics;
using ExpositionFormat = Prometheus.ExpositionFormat;

namespace OvsOffload.Tests.Metrics;

public sealed partial class MetricNamesTests
{
    public static TheoryData<string> Names => [.. CollectorNames.Families.Select(family => family.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_name_follows_the_rules_of_Prometheus(string name)
    {
        MetricFamily family = Find(name);
        Assert.Matches(Name(), name);
        Assert.Equal(family.Type == MetricType.Counter, name.EndsWith("_total", StringComparison.Ordinal));
        Assert.DoesNotMatch(ForeignUnit(), name);
        Assert.All(family.Labels, label => Assert.Matches(Label(), label));
        Assert.Distinct(family.Labels);
        Assert.False(string.IsNullOrWhiteSpace(family.Help));
        Assert.False(family.Help.EndsWith('.'));
    }

    /// <summary>The library writes it as it is, and a newline in it would end the line.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void A_help_text_holds_nothing_that_would_have_to_be_escaped(string name) =>
        Assert.Equal(-1, Find(name).Help.IndexOfAny(['\n', '\r', '\\', '"']));

    [Fact]
    public void No_family_is_declared_twice() =>
        Assert.Distinct(CollectorNames.Families.Select(family => family.Name));

    [Fact]
    public void Collectors_are_named_once_and_in_one_word()
    {
        Assert.Distinct(CollectorNames.All);
        Assert.All(CollectorNames.All, name => Assert.Matches("^[a-z]+$", name));
    }

    [Fact]
    public void The_contract_is_kept()
    {
        string[] missing =
        [
            .. Contract.Select(name => MetricFamily.Prefix + name).Concat(Common)
                .Except(CollectorNames.Families.Select(family => family.Name)),
        ];
        Assert.Empty(missing);
    }

    [Fact]
    public async Task Promtool_reports_nothing()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using var registry = new MetricsRegistry(CollectorNames.Families);
        using Process promtool = Start();
        await registry.ExportAsync(
            CollectorNames.Families.SelectMany(Samples), PipeWriter.Create(promtool.StandardInput.BaseStream),
            ExpositionFormat.PrometheusText, cancellation);
        promtool.StandardInput.Close();
        string said = await promtool.StandardOutput.ReadToEndAsync(cancellation)
            + await promtool.StandardError.ReadToEndAsync(cancellation);
        await promtool.WaitForExitAsync(cancellation);
        Assert.Equal("", said);
        Assert.Equal(0, promtool.ExitCode);
    }

    /// <summary>Labels with all that is escaped, and a number that has a word for it.</summary>
    private static IEnumerable<Sample> Samples(MetricFamily family) =>
    [
        family.Of(1e20, [.. family.Labels.Select(label => $"\"{label}\\ \n")]),
        family.Of(double.PositiveInfinity, [.. family.Labels.Select(label => label)]),
    ];

    /// <summary>Metrics of the contract that all programs have.</summary>
    private static readonly string[] Common =
    [
        "process_cpu_seconds_total", "process_resident_memory_bytes", "process_virtual_memory_bytes",
        "process_open_fds", "process_max_fds", "process_start_time_seconds",
    ];

    /// <summary>The metrics that dashboards, scripts and other programs' tests stand on.</summary>
    private static readonly string[] Contract =
    [
        "offloaded_flows", "flows", "port_flows", "not_offloaded_flows", "malformed_flow_lines",
        "flow_dump_last_success_timestamp_seconds", "flow_dump_duration_seconds", "flow_dump_skipped_total",
            "handed_over_flows", "flow_limit", "tc_filters",
        "representor_receive_bytes_total", "representor_receive_packets_total", "representor_transmit_bytes_total",
        "representor_transmit_packets_total", "representor_slow_path_receive_bytes_total",
        "representor_slow_path_receive_packets_total", "representor_slow_path_transmit_bytes_total",
        "representor_slow_path_transmit_packets_total", "eswitch_mode", "vfs", "vfs_desired", "vfs_limit",
        "representors", "representors_desired", "pf_info", "representor_info", "hw_offload_configured",
        "hw_offload_effective", "restart_required", "devlink_health_errors_total", "ovsdb_up", "vswitchd_up",
        "openvswitch_info", "pending_steps", "plan_objections", "last_apply_success", "last_apply_timestamp_seconds",
        "config_reload_success", "collector_success", "collector_duration_seconds", "build_info",
        "check_findings", "check_skipped", "datapath_lookups_total", "revalidator_dump_duration_seconds",
        "conntrack_offloaded_entries", "bond_vf_lag_state", "bond_members", "bond_members_active", "bond_info",
        "security_groups_disabled", "security_groups_info", "collector_last_success_timestamp_seconds",
        "tc_filters_difference",
    ];

    private static MetricFamily Find(string name) => CollectorNames.Families.First(family => family.Name == name);

    private static Process Start()
    {
        try
        {
            return Process.Start(new ProcessStartInfo("promtool", ["check", "metrics"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        }
        catch (Win32Exception)
        {
            Assert.Skip("promtool is not installed (Debian's package prometheus)");
            throw;
        }
    }

    [GeneratedRegex("^(ovs_offload|process)_[a-z]+(_[a-z]+)*$")]
    private static partial Regex Name();

    [GeneratedRegex("^[a-z]+(_[a-z]+)*$")]
    private static partial Regex Label();

    [GeneratedRegex("_(milliseconds|ms|minutes|kilobytes|bits|percent)(_|$)")]
    private static partial Regex ForeignUnit();
}
