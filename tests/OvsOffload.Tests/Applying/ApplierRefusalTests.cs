using OvsOffload.Applying;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;
using OvsOffload.Planning;
using OvsOffload.Sysfs;
using OvsOffload.Tests.Planning;

namespace OvsOffload.Tests.Applying;

public class ApplierRefusalTests
{
    private static readonly PciAddress Other = PciAddress.Parse("0000:3b:00.1");
    private static readonly HostIntent One = SampleIntent.Switchdev(2);

    private static readonly HostIntent Two = One with
    {
        Nics = [One.Nics[0], One.Nics[0] with { Pf = SampleIntent.Reference(Other.ToString()) }],
    };

    [Theory]
    [InlineData("15b3:1015", 0, nameof(DriverRule.VfsFirst))]
    [InlineData("15b3:101d", 0, nameof(DriverRule.VfsFirst))]
    [InlineData("15b3:1015", 4, nameof(DriverRule.NoVfs))]
    [InlineData("15b3:101d", 4, nameof(DriverRule.NoVfs))]
    [InlineData("15b3:1017", 4, nameof(DriverRule.NoBoundVf))]
    [InlineData("14e4:16d7", 4, nameof(DriverRule.NoVfs))]
    public async Task A_refusal_becomes_a_fact_and_another_order_reaches_the_goal(string id, int vfs, string rule)
    {
        var host = new FakeHost(SampleHost.Legacy(id, vfs), Enum.Parse<DriverRule>(rule));
        string?[] before = [.. Addresses(host)];

        ApplyReport report = await host.ApplyAsync(SampleIntent.Switchdev(4));

        Assert.True(report.Succeeded, string.Join('\n', report.Failures));
        StepReport refused = Assert.Single(report.Steps, step => step.Result == StepResult.Failed);
        Assert.IsType<SetEswitchMode>(refused.Step.Action);
        Assert.StartsWith("the driver refuses: ", refused.Error, StringComparison.Ordinal);
        Assert.Contains("failed eswitch-mode", host.Journal);
        Assert.Equal(refused.Error, Assert.Single(host.Errors));
        Assert.Equal(EswitchMode.Switchdev, host.State.KnownFunctions[0].Mode);
        Assert.Equal(before, Addresses(host).Take(before.Length));
    }

    [Fact]
    public async Task A_driver_that_never_refused_is_not_asked_twice()
    {
        var host = new FakeHost(SampleHost.Legacy());

        await host.ApplyAsync(SampleIntent.Switchdev(2));

        Assert.Single(host.Ran.OfType<SetEswitchMode>());
    }

    [Fact]
    public async Task The_same_refusal_twice_fails_and_everything_is_as_before()
    {
        HostState start = SampleHost.Legacy();
        var host = new FakeHost(start)
        {
            Before = action =>
            {
                if (action is SetEswitchMode { To: EswitchMode.Switchdev })
                {
                    throw SimulatedHost.Refused("Device or resource busy", 16, new VfsPresent(2, 2));
                }
            },
        };

        ApplyReport report = await host.ApplyAsync(SampleIntent.Switchdev(2));

        Assert.Single(report.Failures);
        Assert.Equal(2, report.Steps.Count(step => step is { Step.Action: SetEswitchMode, Result: StepResult.Failed }));
        Assert.Equal(
            start.KnownFunctions[0].VirtualFunctions.Select(vf => (vf.Driver, vf.Mac)),
            host.State.KnownFunctions[0].VirtualFunctions.Select(vf => (vf.Driver, vf.Mac)));
    }

    [Fact]
    public async Task Refusals_that_contradict_each_other_are_an_objection_and_everything_is_as_before()
    {
        int vfs = 2;
        var host = new FakeHost(SampleHost.Legacy())
        {
            Before = action =>
            {
                vfs = action is SetVfCount count ? count.To : vfs;
                if (action is SetEswitchMode { To: EswitchMode.Switchdev })
                {
                    throw SimulatedHost.Refused("bad resource state", 22, new VfsPresent(vfs, vfs));
                }
            },
        };

        ApplyReport report = await host.ApplyAsync(SampleIntent.Switchdev(2));

        Assert.Equal(ObjectionKind.Unsupported, Assert.Single(report.Objections).Kind);
        Assert.False(report.Reached);
        Assert.Equal(2, host.State.KnownFunctions[0].VfCount.Value);
        Assert.Equal(["02:42:a1:00:01:00", "02:42:a1:00:01:01"], Addresses(host));
    }

    [Fact]
    public async Task An_objection_found_during_the_run_undoes_its_own_NIC_only()
    {
        var host = new FakeHost(SampleHost.Fresh().WithSecondPort())
        {
            Seen = state => state.Find(Other) is { Mode: EswitchMode.Switchdev }
                ? state.WithPf(pf => pf with { Eswitch = Reading.Failed<Eswitch>("EIO") }, index: 1)
                : state,
        };

        ApplyReport report = await host.ApplyAsync(Two);

        Objection objection = Assert.Single(report.Objections);
        Assert.Equal((ObjectionKind.Unreadable, new Scope.OfPf(Other)), (objection.Kind, objection.Scope));
        Assert.Empty(report.Failures);
        Assert.True(report.Reached);
        Assert.Equal(EswitchMode.Switchdev, host.State.Find(Planned.Pf)!.Mode);
        Assert.Equal((EswitchMode.Legacy, 0), (host.State.Find(Other)!.Mode, host.State.Find(Other)!.VfCount.Value));
        Assert.All(
            report.Steps.Where(step => step.Result == StepResult.Undone),
            step => Assert.Equal(new Scope.OfPf(Other), step.Step.Action.Scope));
        Assert.Equal("true", host.State.OpenVSwitch.Database.Value.OtherConfig["hw-offload"]);
    }

    [Fact]
    public async Task An_objection_about_Open_vSwitch_during_the_run_leaves_the_NICs_alone()
    {
        var host = new FakeHost(SampleHost.Fresh())
        {
            Seen = state => state.KnownFunctions[0].Mode == EswitchMode.Switchdev
                ? state.WithSwitch(now => now with { Database = Reading.Failed<OpenVSwitchDatabase>("ECONNREFUSED") })
                : state,
        };

        ApplyReport report = await host.ApplyAsync(SampleIntent.Switchdev(2));

        Assert.Equal(Scope.Switch, Assert.Single(report.Objections).Scope);
        Assert.True(report.Reached);
        Assert.Equal(EswitchMode.Switchdev, host.State.KnownFunctions[0].Mode);
        Assert.DoesNotContain("hw-offload", host.State.OpenVSwitch.Database.Value.OtherConfig);
    }

    [Fact]
    public async Task An_objection_to_the_whole_plan_during_the_run_undoes_everything()
    {
        int readings = 0;
        var host = new FakeHost(SampleHost.Fresh().WithSecondPort())
        {
            Seen = state => ++readings == 2 ? state.WithUnreadFunctions("EIO") : state,
        };

        ApplyReport report = await host.ApplyAsync(Two);

        Assert.Null(Assert.Single(report.Objections).Scope);
        Assert.False(report.Reached);
        Assert.NotEqual(0, report.Undone);
        Assert.DoesNotContain(report.Steps, step => step.Result == StepResult.Done);
        Assert.All(host.State.KnownFunctions, pf => Assert.Equal((EswitchMode.Legacy, 0), (pf.Mode, pf.VfCount.Value)));
    }

    [Fact]
    public async Task An_objection_to_one_NIC_before_anything_is_run_leaves_the_other()
    {
        var host = new FakeHost(SampleHost.Fresh().WithSecondPort(pf => pf with { Driver = null }));

        ApplyReport report = await host.ApplyAsync(Two);

        Assert.Equal(new Scope.OfPf(Other), Assert.Single(report.Objections).Scope);
        Assert.Equal((false, true), (report.Succeeded, report.Reached));
        Assert.Equal(EswitchMode.Switchdev, host.State.Find(Planned.Pf)!.Mode);
        Assert.Equal("true", host.State.OpenVSwitch.Database.Value.OtherConfig["hw-offload"]);
        Assert.DoesNotContain(host.Ran, action => action.Scope == new Scope.OfPf(Other));
    }

    [Fact]
    public async Task A_held_VF_on_one_NIC_leaves_the_other_to_be_done_and_its_own_NIC_untouched()
    {
        var host = new FakeHost(
            SampleHost.Legacy().WithHolder(0, HolderKind.NetworkNamespace, "n1").WithSecondPort());

        ApplyReport report = await host.ApplyAsync(Two);

        Assert.Equal(ObjectionKind.Refused, Assert.Single(report.Objections).Kind);
        Assert.Empty(report.Failures);
        Assert.Equal((false, true), (report.Succeeded, report.Reached));
        Assert.Equal((EswitchMode.Switchdev, 2), (host.State.Find(Other)!.Mode, host.State.Find(Other)!.VfCount.Value));
        PhysicalFunction held = host.State.Find(Planned.Pf)!;
        Assert.Equal((EswitchMode.Legacy, 2), (held.Mode, held.VfCount.Value));
        Assert.DoesNotContain(host.Ran, action => action.Scope == new Scope.OfPf(Planned.Pf));
    }

    private static IEnumerable<string?> Addresses(FakeHost host) =>
        host.State.KnownFunctions[0].VirtualFunctions.Select(vf => vf.Mac?.ToString());
}
