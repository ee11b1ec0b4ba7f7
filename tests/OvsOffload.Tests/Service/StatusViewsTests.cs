using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Metrics;
using OvsOffload.Os;
using OvsOffload.Page;
using OvsOffload.Planning;
using OvsOffload.Service;
using OvsOffload.Verifying;
using FlowFacts = OvsOffload.Metrics.FlowFacts;

namespace OvsOffload.Tests.Service;

public sealed class StatusViewsTests
{
    private static readonly Objection Held = new(ObjectionKind.Refused, "vf0", "a guest has it", Position: null);

    private readonly FakeTime _time = new();

    [Fact]
    public void A_plan_that_is_refused_is_not_zero_steps_pending()
    {
        PageView view = ViewOf(new Plan([], [Held], []), applied: null);
        Assert.Equal(
            "The host does not match the configuration: blocked by the problems listed below", view.StatusLine);
        Assert.Equal(["vf0: a guest has it"], view.Objections);
    }

    [Fact]
    public void What_only_waits_for_a_restart_is_not_zero_steps_pending()
    {
        PageView view = ViewOf(new Plan([], [], ["restart of ovs-vswitchd"]), applied: null);
        Assert.Equal("The host matches the configuration except for pending actions", view.StatusLine);
        Assert.Equal(["pending: restart of ovs-vswitchd"], view.Objections);
    }

    [Fact]
    public void An_apply_that_failed_is_past_once_somebody_else_brought_the_host_to_what_is_wanted()
    {
        Assert.EndsWith("; the last apply failed", ViewOf(new Plan([], [Held], []), applied: false).StatusLine);
        Assert.Equal("The host matches the configuration", ViewOf(new Plan([], [], []), applied: false).StatusLine);
    }

    private PageView ViewOf(Plan plan, bool? applied) => new StatusViews(
        () => new ReconcileStatus(
            new Observation(HostIntent.Observe, SampleHost.Legacy()), plan, applied is { } succeeded
                ? new ApplyFact(_time.GetUtcNow(), succeeded)
                : null),
        () => new ServiceIntent(HostIntent.Observe, Configured: true, ReloadSucceeded: true),
        () => new FlowFacts(null, [], new HashSet<string>()),
        () => Reading.Failed<VerifyReport>("they have not run"),
        new OffloadHistory(_time),
        _time).Now();
}
