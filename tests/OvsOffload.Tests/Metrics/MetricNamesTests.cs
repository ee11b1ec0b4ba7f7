using System.Buffers;
using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;
using OvsOffload.Metrics;

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
            .. Contract.Select(name => MetricFamily.Prefix + name)
                .Except(CollectorNames.Families.Select(family => family.Name)),
        ];
        Assert.Empty(missing);
    }

    [Fact]
    public async Task Promtool_finds_nothing_to_say()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        var output = new ArrayBufferWriter<byte>();
        var writer = new ExpositionWriter(output);
        foreach (MetricFamily family in CollectorNames.Families)
        {
            writer.Write(family, [family.Of(1, [.. family.Labels.Select(label => $"\"{label}\\ \n")])]);
        }

        using Process promtool = Start();
        await promtool.StandardInput.BaseStream.WriteAsync(output.WrittenMemory, cancellation);
        promtool.StandardInput.Close();
        string said = await promtool.StandardOutput.ReadToEndAsync(cancellation)
            + await promtool.StandardError.ReadToEndAsync(cancellation);
        await promtool.WaitForExitAsync(cancellation);
        Assert.Equal("", said);
        Assert.Equal(0, promtool.ExitCode);
    }

    /// <summary>The metrics that dashboards, scripts and other programs' tests stand on.</summary>
    private static readonly string[] Contract =
    [
        "offloaded_flows", "flows", "port_flows", "not_offloaded_flows", "malformed_flow_lines",
        "flow_dump_last_success_timestamp_seconds", "flow_dump_duration_seconds", "flow_dump_skipped_total", "handed_over_flows", "flow_limit", "tc_filters",
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

    [GeneratedRegex("^ovs_offload_[a-z]+(_[a-z]+)*$")]
    private static partial Regex Name();

    [GeneratedRegex("^[a-z]+(_[a-z]+)*$")]
    private static partial Regex Label();

    [GeneratedRegex("_(milliseconds|ms|minutes|kilobytes|bits|percent)(_|$)")]
    private static partial Regex ForeignUnit();
}
