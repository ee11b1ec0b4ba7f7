using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;
using OvsOffload.Planning;

namespace OvsOffload.Tests.Planning;

public class SwitchOptionTests
{
    private static readonly OpenVSwitchIntent On = new() { HwOffload = true };
    private static readonly OpenVSwitchIntent Off = new() { HwOffload = false };

    [Fact]
    public void Offload_is_switched_on_without_a_restart()
    {
        Plan plan = Of(On, SampleHost.Legacy());

        Assert.Equal([new SetSwitchOption("hw-offload", null, "true")], plan.Steps.Select(step => step.Action));
        Assert.Empty(plan.Pending);
    }

    [Fact]
    public void Flows_that_may_be_there_are_set_up_anew_when_offload_is_switched_on() => Assert.Equal(
        "switch-option flow-purge", Of(On, SampleHost.ConnectX6Dx().WithOption("hw-offload", "false")).Order());

    [Fact]
    public void No_flows_are_purged_of_a_daemon_that_does_not_run()
    {
        HostState host = SampleHost.ConnectX6Dx().WithOption("hw-offload", null)
            .WithSwitch(state => state with { Daemon = Reading.Failed<string>("no pidfile") });

        Assert.Equal("switch-option", Of(On, host).Order());
    }

    [Fact]
    public void Offload_that_is_set_and_in_force_needs_nothing() =>
        Assert.True(Of(On, SampleHost.ConnectX6Dx()).IsEmpty);

    [Fact]
    public void Offload_that_is_set_and_has_no_effect_needs_a_restart() => Assert.Contains(
        "has no effect (no ingress qdisc on eth4)",
        Assert.Single(
            Of(On, Effective(SampleHost.ConnectX6Dx(), new HwOffloadEffect(false, "no ingress qdisc on eth4")))
                .Pending),
        StringComparison.Ordinal);

    [Fact]
    public void Offload_whose_effect_is_unknown_needs_no_restart() =>
        Assert.True(Of(On, Effective(SampleHost.ConnectX6Dx(), null)).IsEmpty);

    [Fact]
    public void Disabling_offload_leaves_a_restart_pending()
    {
        Plan plan = Of(Off, SampleHost.ConnectX6Dx());

        Assert.Equal([new SetSwitchOption("hw-offload", "true", "false")], plan.Steps.Select(step => step.Action));
        Assert.Contains("takes effect only when ovs-vswitchd starts", Assert.Single(plan.Pending),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_restart_that_may_be_done_is_done_and_says_what_it_disrupts()
    {
        Plan plan = Of(Off with { Restart = RestartPolicy.Auto }, SampleHost.ConnectX6Dx());

        Assert.Equal("switch-option restart", plan.Order());
        Assert.Equal(2, plan.Steps[^1].Disrupts.Length);
        Assert.Empty(plan.Pending);
    }

    [Fact]
    public void Offload_that_was_switched_off_and_is_still_in_force_needs_a_restart()
    {
        Plan plan = Of(Off, SampleHost.ConnectX6Dx().WithOption("hw-offload", "false"));

        Assert.Empty(plan.Steps);
        Assert.Contains("ingress qdisc on", Assert.Single(plan.Pending), StringComparison.Ordinal);
    }

    [Fact]
    public void Offload_that_was_never_on_need_not_be_switched_off() =>
        Assert.True(Of(Off, SampleHost.Legacy()).IsEmpty);

    [Theory]
    [InlineData(null, nameof(TcPolicy.None), null)]
    [InlineData("none", nameof(TcPolicy.None), null)]
    [InlineData("skip_sw", nameof(TcPolicy.None), "none")]
    [InlineData(null, nameof(TcPolicy.SkipSw), "skip_sw")]
    [InlineData("skip_sw", nameof(TcPolicy.SkipHw), "skip_hw")]
    public void The_tc_policy_is_set_where_it_is_not_what_counts_already(string? now, string wanted, string? to)
    {
        var intent = new OpenVSwitchIntent { TcPolicy = Enum.Parse<TcPolicy>(wanted) };

        Plan plan = Of(intent, SampleHost.Legacy().WithOption("tc-policy", now));

        Assert.Equal(to, plan.All<SetSwitchOption>().SingleOrDefault()?.To);
        Assert.Empty(plan.Pending);
    }

    [Fact]
    public void A_new_tc_policy_needs_a_restart_once_offload_has_begun() => Assert.Contains(
        "tc-policy is read once",
        Assert.Single(Of(new OpenVSwitchIntent { TcPolicy = TcPolicy.SkipSw }, SampleHost.ConnectX6Dx()).Pending),
        StringComparison.Ordinal);

    [Theory]
    [InlineData(null, 10, null)]
    [InlineData("10000", 10, null)]
    [InlineData("30000", 10, "10000")]
    [InlineData(null, 30, "30000")]
    public void Max_idle_is_set_where_it_is_not_what_counts_already(string? now, int seconds, string? to)
    {
        var intent = new OpenVSwitchIntent { MaxIdle = TimeSpan.FromSeconds(seconds) };

        Assert.Equal(
            to,
            Of(intent, SampleHost.Legacy().WithOption("max-idle", now)).All<SetSwitchOption>().SingleOrDefault()?.To);
    }

    [Fact]
    public void What_is_not_asked_for_is_left_alone() => Assert.True(
        Of(
            new OpenVSwitchIntent(),
            SampleHost.Legacy().WithOption("tc-policy", "skip_sw").WithOption("max-idle", "1")).IsEmpty);

    [Fact]
    public void A_database_that_is_absent_or_fails_is_an_objection()
    {
        HostState failing = SampleHost.ConnectX6Dx()
            .WithSwitch(state => state with { Database = Reading.Failed<OpenVSwitchDatabase>("it hangs") });

        Assert.Equal(ObjectionKind.Unreadable, Of(On, SampleHost.Bare()).Objection().Kind);
        Assert.Contains("does not answer: it hangs", Of(On, failing).Objection().Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_that_nothing_is_wanted_of_may_be_absent() =>
        Assert.True(Of(new OpenVSwitchIntent { Restart = RestartPolicy.Auto }, SampleHost.Bare()).IsEmpty);

    private static Plan Of(OpenVSwitchIntent wanted, HostState host) =>
        Planner.Plan(new HostIntent { OpenVSwitch = wanted }, host);

    private static HostState Effective(HostState host, HwOffloadEffect? effect) => host.WithSwitch(state => state with
    {
        HwOffload = effect is null ? Reading.Absent<HwOffloadEffect>("no port") : Reading.Known(effect),
    });
}
