using OvsOffload.Applying;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Os;
using OvsOffload.Planning;

namespace OvsOffload.Tests.Planning;

public class NameRulesTests
{
    private static readonly HostIntent Goal = SampleIntent.Switchdev(2, RepresentorPorts.All);

    [Theory]
    [InlineData("enp1s0f0np0", "enp1s0f0")]
    [InlineData("enp1s0f0", "enp1s0f0")]
    [InlineData("ens3np12", "ens3")]
    [InlineData("np0", "np0")]
    [InlineData("netnpx", "netnpx")]
    public void Representors_are_named_after_the_PF_without_its_port(string name, string stem) =>
        Assert.Equal(stem, NameRules.StemOf(Named(name)));

    [Fact]
    public void Each_VF_has_a_rule_and_names_that_are_too_long_have_none()
    {
        string rules = NameRules.Of(Named("enp129s0f1np1"), "enp129s0f1", 3);

        Assert.Contains("ATTR{phys_port_name}==\"pf*vf2\", NAME=\"enp129s0f1r2\"\n", rules, StringComparison.Ordinal);
        Assert.DoesNotContain("vf3\"", rules, StringComparison.Ordinal);

        string cut = NameRules.Of(Named("enP0001p129s0f0"), "enP0001p129s0", 11);
        Assert.Contains("NAME=\"enP0001p129s0r9\"", cut, StringComparison.Ordinal);
        Assert.DoesNotContain("r10\"", cut, StringComparison.Ordinal);
        Assert.Equal(1, NameRules.TooLong("enP0001p129s0", 11));
    }

    [Fact]
    public void The_PF_keeps_its_name_and_no_representor_takes_it()
    {
        string rules = NameRules.Of(Named("enp1s0f0np0"), "enp1s0f0", 1);

        Assert.Contains("ATTR{phys_port_name}!=\"*pf*\", NAME=\"enp1s0f0np0\"", rules, StringComparison.Ordinal);
        Assert.Contains(
            "KERNELS==\"0000:3b:00.0\", TEST==\"device/sriov_totalvfs\", GOTO=", rules, StringComparison.Ordinal);
        Assert.DoesNotContain("KERNELS!=", rules, StringComparison.Ordinal);
    }

    [Fact]
    public void Rules_are_written_before_VFs_are_made_and_once()
    {
        HostState fresh = WithUdev(SampleHost.Fresh());

        Plan plan = Planner.Plan(Goal, fresh);

        Step rules = Assert.Single(plan.Steps, step => step.Action is SetNameRules);
        Step count = Assert.Single(plan.Steps, step => step.Action is SetVfCount);
        Assert.True(plan.Steps.IndexOf(rules) < plan.Steps.IndexOf(count));
    }

    [Fact]
    public async Task After_an_apply_nothing_is_left_to_do()
    {
        var host = new FakeHost(WithUdev(SampleHost.Fresh()));

        ApplyReport report = await host.ApplyAsync(Goal);

        Assert.True(report.Reached);
        Assert.True(Planner.Plan(Goal, host.State).IsEmpty);
        Assert.NotEmpty(host.State.KnownFunctions[0].NameRules.Value);
    }

    [Fact]
    public void A_revert_removes_what_is_on_the_record()
    {
        HostState host = SampleHost.Fresh().WithPf(pf => pf with { NameRules = Reading.Known("rules") });
        host = host with
        {
            Changes = Reading.Known(
                new SetNameRules(host.KnownFunctions[0].Address, "", "rules").Record(RecordedChanges.None)),
        };

        SetNameRules removal = Assert.Single(RevertSample.Revert(host, Goal).All<SetNameRules>());

        Assert.Equal(("rules", ""), (removal.From, removal.To));
    }

    [Fact]
    public void Without_udev_there_are_no_rules() =>
        Assert.DoesNotContain(Planner.Plan(Goal, SampleHost.Fresh()).Steps, step => step.Action is SetNameRules);

    private static PhysicalFunction Named(string name) => SampleHost.Fresh()
        .WithPf(pf => pf with { Uplink = pf.Uplink! with { Name = name } }).KnownFunctions[0];

    private static HostState WithUdev(HostState host) => host.WithPf(pf => pf with { NameRules = Reading.Known("") });
}
