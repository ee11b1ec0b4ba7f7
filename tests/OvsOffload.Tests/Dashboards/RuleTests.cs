using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;
using OvsOffload.Verifying;

namespace OvsOffload.Tests.Dashboards;

public sealed partial class RuleTests
{
    public static TheoryData<string> Names => [.. Rules.All.Select(rule => rule.Record ?? rule.Alert!)];

    public static TheoryData<string> Alerts =>
        [.. Rules.All.Where(rule => rule.Alert is not null).Select(rule => rule.Alert!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_rule_queries_existing_metrics_and_labels(string name) =>
        Assert.Empty(KnownMetrics.Problems(Find(name).Expression));

    [Theory]
    [InlineData("ovs_offload_flow{state=\"offloaded\"}", "there is no metric ovs_offload_flow")]
    [InlineData("sum by (status) (ovs_offload_flows)", "no metric of it has the label status")]
    [InlineData("rate(ovs_offload_flows{stat=\"x\"}[5m]) > 0", "ovs_offload_flows has no label stat")]
    [InlineData("1 - instance:ovs_offload_nothing:share", "there is no metric instance:ovs_offload_nothing:share")]
    [InlineData("process_open_files > 1", "there is no metric process_open_files")]
    [InlineData("up == 0 unless on (bond) ovs_offload_vfs", "no metric of it has the label bond")]
    public void An_unknown_name_is_detected(string expression, string complaint) =>
        Assert.Contains(complaint, KnownMetrics.Problems(expression));

    [Fact]
    public void The_alerts_of_the_contract_exist()
    {
        string[] wanted =
        [
            "OvsOffloadRatioFell", "OvsOffloadFlowsInSoftware", "OvsOffloadVfLagLost", "OvsOffloadLacpPartnerLost",
            "OvsOffloadHealthErrors", "OvsOffloadFlowLimitNear", "OvsOffloadRepresentorsMissing",
            "OvsOffloadNotEffective",
            "OvsOffloadDumpTooOld", "OvsOffloadDriftNotRepaired", "OvsOffloadExporterDown",
        ];
        Assert.Empty(wanted.Except(Rules.All.Select(rule => rule.Alert)));
    }

    [Theory]
    [MemberData(nameof(Alerts))]
    public void An_alert_names_the_host_and_existing_checks(string name)
    {
        Rule alert = Find(name);
        Assert.Contains("{{ $labels.instance }}", alert.Summary);
        Assert.True(alert.Severity is "critical" or "warning", alert.Severity);
        MatchCollection explained = Explain().Matches(alert.Runbook);
        Assert.NotEmpty(explained);
        string[] checks = [.. Checks.All.Select(check => check.Info.Id), "ID"];
        Assert.All(explained, match => Assert.Contains(match.Groups[1].Value, checks));
    }

    [Theory]
    [MemberData(nameof(Alerts))]
    public void Each_alert_has_a_test_in_which_it_fires(string name) => Assert.Contains(
        $"  - name: {name}\n", File.ReadAllText(Path.Combine(Rules.Folder, "alerting-rules.test.yaml")));

    [Fact]
    public async Task Promtool_finds_the_rules_in_order_and_their_tests_pass()
    {
        await PromtoolAsync(["check", "rules", .. Rules.Files]);
        await PromtoolAsync(["test", "rules", .. Directory.GetFiles(Rules.Folder, "*-rules.test.yaml")]);
        await PromtoolAsync(["check", "config", Path.Combine(Rules.Folder, "prometheus.example.yaml")]);
    }

    private static Rule Find(string name) => Rules.All.Single(rule => rule.Record == name || rule.Alert == name);

    private static async Task PromtoolAsync(string[] arguments)
    {
        var start = new ProcessStartInfo("promtool", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Rules.Folder,
        };
        try
        {
            using Process promtool = Process.Start(start)!;
            Task<string> error = promtool.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            string output = await promtool.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await promtool.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(promtool.ExitCode == 0, output + await error);
        }
        catch (Win32Exception)
        {
            Assert.Skip("promtool is not installed (Debian's package prometheus)");
        }
    }

    /// <summary>A long line is folded, so that any white space may stand in it.</summary>
    [GeneratedRegex(@"verify\s+--explain\s+([A-Z]+[0-9]*)")]
    private static partial Regex Explain();
}
