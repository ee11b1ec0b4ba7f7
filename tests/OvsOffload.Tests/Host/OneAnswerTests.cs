using System.Text.Json;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Metrics;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;
using OvsOffload.Planning;
using OvsOffload.Status;
using OvsOffload.Tests.Metrics;
using OvsOffload.Tests.Verifying;
using OvsOffload.Verifying;

namespace OvsOffload.Tests.Host;

/// <summary>
/// However somebody wrote a setting into the database: plan, status, verify and /metrics tell of it what ovs-vswitchd
/// makes of it.
/// </summary>
public class OneAnswerTests
{
    /// <summary>The spellings of hw-offload, with what smap_get_bool (lib/smap.c) makes of each.</summary>
    public static TheoryData<string?, bool> Spellings => new()
    {
        { "true", true },
        { "True", true },
        { "TRUE", true },
        { " true", false },
        { "true ", false },
        { "1", false },
        { "yes", false },
        { "on", false },
        { "", false },
        { "False", false },
        { null, false },
    };

    [Theory]
    [MemberData(nameof(Spellings))]
    public void Hw_offload_has_one_answer(string? text, bool on)
    {
        HostState host = SampleHost.ConnectX6Dx().WithOption(SwitchSettings.HwOffloadKey, text)
            .WithSwitch(state => state with
            {
                HwOffload = Reading.Known(new HwOffloadEffect(on, on ? "ingress qdisc on eth4" : "no ingress qdisc")),
            });

        Assert.Equal(on, Planner.Plan(Wanted(true), host).Steps.IsEmpty);
        Assert.Equal(!on, Planner.Plan(Wanted(false), host).Steps.IsEmpty);
        Assert.Equal(on, Status(host).GetProperty("openvswitch").GetProperty("hw_offload_configured").GetBoolean());
        Assert.Equal(
            on ? FindingStatus.Ok : FindingStatus.Error, Assert.Single(Examined.One("O01", host, Wanted(true))).Status);
        Assert.Equal(on ? "1" : "0", Metric(host, Wanted(true), "hw_offload_configured"));
    }

    [Theory]
    [MemberData(nameof(Spellings))]
    public void A_restart_is_needed_where_what_is_configured_and_what_is_in_force_differ(string? text, bool on)
    {
        HostState host = SampleHost.ConnectX6Dx().WithOption(SwitchSettings.HwOffloadKey, text)
            .WithSwitch(state => state with
            {
                HwOffload = Reading.Known(new HwOffloadEffect(!on, on ? "no ingress qdisc" : "ingress qdisc on eth4")),
            });

        Assert.Single(Planner.Plan(Wanted(on), host).Pending);
        Assert.Equal("1", Metric(host, Wanted(on), "restart_required"));
        Assert.Equal("1", Metric(host, HostIntent.Observe, "restart_required"));
        Assert.True(Assert.Single(Examined.One("O02", host, Wanted(on))).IsFound);
    }

    /// <summary>The spellings of tc-policy; case and blanks matter to tc_set_policy (lib/tc.c).</summary>
    [Theory]
    [InlineData("skip_hw", true)]
    [InlineData("skip_HW", false)]
    [InlineData(" skip_hw", false)]
    [InlineData("skip-hw", false)]
    [InlineData("", false)]
    public void The_tc_policy_has_one_answer(string text, bool keepsFlowsOut)
    {
        HostState host = SampleHost.ConnectX6Dx().WithOption(SwitchSettings.TcPolicyKey, text);
        var none = new HostIntent { OpenVSwitch = new OpenVSwitchIntent { TcPolicy = TcPolicy.None } };

        Assert.Equal(keepsFlowsOut ? 1 : 0, Planner.Plan(none, host).Steps.Length);
        Assert.Equal(keepsFlowsOut ? 1 : 0, Planner.Plan(none, host).Pending.Length);
        Assert.Equal(keepsFlowsOut ? "1" : "0", Metric(host, none, "restart_required"));
        Assert.Equal(keepsFlowsOut, Assert.Single(Examined.One("O03", host)).IsFound);
        Assert.Equal(keepsFlowsOut ? TcPolicy.SkipHw : TcPolicy.None, HostFlowFacts.Of(host).TcPolicy);
    }

    private static HostIntent Wanted(bool offload) =>
        new() { OpenVSwitch = new OpenVSwitchIntent { HwOffload = offload } };

    private static JsonElement Status(HostState host)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            StatusDocument.Write(writer, new Observation(HostIntent.Observe, host), plan: null);
            writer.WriteEndObject();
        }

        return JsonElement.Parse(stream.ToArray());
    }

    private static string Metric(HostState host, HostIntent intent, string name) => Assert.Single(
        OpenVSwitchCollector.Samples(
            SwitchFacts.Of(new Observation(intent, host), host.OpenVSwitch.Database.Value, daemonUp: true)).Lines(),
        line => line.StartsWith($"{name}{{", StringComparison.Ordinal))[(name.Length + 3)..];
}
