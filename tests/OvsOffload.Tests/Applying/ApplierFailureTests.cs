using OvsOffload.Applying;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.Planning;
using OvsOffload.Sysfs;
using OvsOffload.Tests.Planning;

namespace OvsOffload.Tests.Applying;

public class ApplierFailureTests
{
    private static readonly PciAddress Other = PciAddress.Parse("0000:3b:00.1");
    private static readonly HostIntent One = SampleIntent.Switchdev(2, RepresentorPorts.All);

    private static readonly HostIntent Two = One with
    {
        Nics = [One.Nics[0], One.Nics[0] with { Pf = SampleIntent.Reference(Other.ToString()) }],
    };

    [Fact]
    public async Task A_failing_step_undoes_earlier_steps_in_reverse_order()
    {
        var host = new FakeHost(SampleHost.Fresh()) { Before = action => FailAt<WaitForRepresentors>(action) };

        ApplyReport report = await host.ApplyAsync(One);

        Assert.False(report.Succeeded);
        Assert.False(report.Reached);
        Assert.Contains("wait for 2 representors", Assert.Single(report.Failures), StringComparison.Ordinal);
        PhysicalFunction pf = host.State.KnownFunctions[0];
        Assert.Equal((EswitchMode.Legacy, 0, true), (pf.Mode, pf.VfCount.Value, pf.DriversAutoprobe.Value));
        Assert.Equal(Kinds("done ").Reverse(), Kinds("undone "));

        string[] Kinds(string phase) =>
        [
            .. host.Journal.Where(line => line.StartsWith(phase, StringComparison.Ordinal))
                .Select(line => line[phase.Length..]),
        ];
    }

    [Fact]
    public async Task A_failure_s_message_is_in_the_report_and_in_the_journal()
    {
        var host = new FakeHost(SampleHost.Fresh()) { Before = action => FailAt<WaitForRepresentors>(action) };

        ApplyReport report = await host.ApplyAsync(One);

        Assert.Equal(
            "wait-representors: it failed", report.Steps.Single(step => step.Result == StepResult.Failed).Error);
        Assert.Equal(["wait-representors: it failed"], host.Errors);
        Assert.Contains("failed wait-representors", host.Journal);
        Assert.Equal("end", host.Journal[^1]);
    }

    [Theory]
    [InlineData(nameof(HolderKind.NetworkNamespace), "the namespace of process 4711 (nsenter)")]
    [InlineData(nameof(HolderKind.Claim), "claimed by an agent: port")]
    public async Task A_VF_that_came_into_use_meanwhile_is_not_undone(string how, string who)
    {
        HolderKind kind = Enum.Parse<HolderKind>(how);
        bool taken = false;
        var host = new FakeHost(SampleHost.Fresh())
        {
            Before = action =>
            {
                taken |= action is WaitForRepresentors;
                FailAt<WaitForRepresentors>(action);
            },
            Seen = state => taken ? state.WithHolder(1, kind, who) : state,
        };

        ApplyReport report = await host.ApplyAsync(One);

        PhysicalFunction pf = host.State.KnownFunctions[0];
        Assert.Equal((EswitchMode.Switchdev, 2), (pf.Mode, pf.VfCount.Value));
        Assert.All(report.NotUndone, line => Assert.Contains($"vf1 is in use: {who}", line, StringComparison.Ordinal));

        // The mode, the number of VFs, and the address of the VF itself.
        Assert.Equal(3, report.NotUndone.Length);
    }

    [Fact]
    public async Task VFs_that_are_not_all_found_are_not_undone()
    {
        bool lost = false;
        var host = new FakeHost(SampleHost.Fresh())
        {
            Before = action =>
            {
                lost |= action is WaitForRepresentors;
                FailAt<WaitForRepresentors>(action);
            },
            Seen = state => lost ? state.WithPf(pf => pf with { VirtualFunctions = [] }) : state,
        };

        ApplyReport report = await host.ApplyAsync(One);

        Assert.Equal(2, host.State.KnownFunctions[0].VfCount.Value);
        Assert.Contains(
            report.NotUndone, line => line.Contains("only 0 of 2 VFs could be found", StringComparison.Ordinal));
    }

    [Fact]
    public async Task VFs_whose_users_cannot_be_read_are_not_undone()
    {
        bool incomplete = false;
        var host = new FakeHost(SampleHost.Fresh())
        {
            Before = action =>
            {
                incomplete |= action is WaitForRepresentors;
                FailAt<WaitForRepresentors>(action);
            },
            BeforeRead = () => _ = incomplete ? throw new IOException("no more file handles") : 0,
        };

        ApplyReport report = await host.ApplyAsync(One);

        Assert.Equal(2, host.State.KnownFunctions[0].VfCount.Value);
        Assert.Contains(report.NotUndone, line => line.Contains("no more file handles", StringComparison.Ordinal));
    }

    [Fact]
    public async Task When_the_only_NIC_failed_Open_vSwitch_is_left_alone()
    {
        var host = new FakeHost(SampleHost.Fresh()) { Before = action => FailAt<SetHwTcOffload>(action) };

        ApplyReport report = await host.ApplyAsync(One);

        Assert.False(report.Reached);
        Assert.DoesNotContain(host.Ran, action => action.Scope is not Scope.OfPf);
    }

    [Fact]
    public async Task Another_NIC_goes_on_after_one_has_failed()
    {
        var host = new FakeHost(SampleHost.Fresh().WithSecondPort())
        {
            Before = action =>
            {
                if (action is SetHwTcOffload { Device: RepresentorOf { Vf: 1 } device } && device.Pf == Other)
                {
                    throw SimulatedHost.Refused("no");
                }
            },
        };

        ApplyReport report = await host.ApplyAsync(Two);

        Assert.True(report.Reached);
        Assert.False(report.Succeeded);
        Assert.Equal(EswitchMode.Switchdev, host.State.Find(Planned.Pf)!.Mode);
        Assert.Equal(EswitchMode.Legacy, host.State.Find(Other)!.Mode);
        Assert.Equal("true", host.State.OpenVSwitch.Database.Value.OtherConfig["hw-offload"]);
        Assert.DoesNotContain(
            report.Steps,
            step => step.Result == StepResult.Undone && step.Step.Action.Scope == new Scope.OfPf(Planned.Pf));
    }

    [Fact]
    public async Task A_journal_gets_its_end_line_only_when_the_whole_run_is_over()
    {
        var host = new FakeHost(SampleHost.Fresh().WithSecondPort())
        {
            Before = action =>
            {
                if (action is SetEswitchMode { To: EswitchMode.Switchdev } step && step.Pf == Planned.Pf)
                {
                    throw SimulatedHost.Refused("no");
                }
            },
        };

        await host.ApplyAsync(Two with { Bridges = [] });

        Assert.Equal(host.Journal.Count - 1, host.Journal.IndexOf("end"));
        Assert.Contains("done eswitch-mode", host.Journal);
    }

    [Fact]
    public async Task A_failing_bridge_takes_back_its_own_steps_and_leaves_the_NICs_and_the_settings()
    {
        var host = new FakeHost(SampleHost.Fresh().WithBridges())
        {
            Before = action =>
            {
                if (action is AddPort { Device: RepresentorOf { Vf: 1 } })
                {
                    throw SimulatedHost.Refused("no such device");
                }
            },
        };

        ApplyReport report = await host.ApplyAsync(One);

        Assert.True(report.Reached);
        Assert.False(report.Succeeded);
        Assert.Equal(EswitchMode.Switchdev, host.State.KnownFunctions[0].Mode);
        Assert.Empty(host.State.OpenVSwitch.Database.Value.Bridges);
        Assert.Equal("true", host.State.OpenVSwitch.Database.Value.OtherConfig["hw-offload"]);
    }

    [Fact]
    public async Task A_failing_setting_takes_Open_vSwitch_back_with_its_bridges_and_leaves_the_NICs()
    {
        var host = new FakeHost(SampleHost.Fresh().WithBridges())
        {
            Before = action =>
            {
                if (action is SetSwitchOption)
                {
                    throw SimulatedHost.Refused("read-only");
                }
            },
        };

        ApplyReport report = await host.ApplyAsync(One);

        Assert.Equal((false, true), (report.Succeeded, report.Reached));
        Assert.Equal(EswitchMode.Switchdev, host.State.KnownFunctions[0].Mode);
        Assert.Empty(host.State.OpenVSwitch.Database.Value.Bridges);
    }

    [Fact]
    public async Task A_step_that_cannot_be_undone_is_reported_and_the_rest_is_still_undone()
    {
        var host = new FakeHost(SampleHost.Fresh())
        {
            Before = action =>
            {
                FailAt<WaitForRepresentors>(action);
                if (action is SetEswitchMode { To: EswitchMode.Legacy })
                {
                    throw SimulatedHost.Refused("flows are there");
                }
            },
        };

        ApplyReport report = await host.ApplyAsync(One);

        Assert.Contains("flows are there", Assert.Single(report.NotUndone), StringComparison.Ordinal);
        Assert.Equal(0, host.State.KnownFunctions[0].VfCount.Value);
        Assert.Contains(report.Steps, step => step is { Step.Action: SetEswitchMode, Result: StepResult.Done });
    }

    [Fact]
    public async Task A_partially_executed_step_is_undone_too()
    {
        HostState start = SampleHost.ConnectX6Dx(1).WithVf(0, vf => vf with { Driver = null, Devices = [] });
        HostIntent intent = SampleIntent.Switchdev(1) with
        {
            Nics = [SampleIntent.Nic(NicMode.Switchdev, 1) with { VfDriver = VfDriver.Named("vfio-pci") }],
        };
        var host = new FakeHost(start);
        var failing = new HalfDone(host, action => action is SetVfDriver { To: "vfio-pci" });

        ApplyReport report = await new Applier(_ => Task.FromResult(host.State), failing, host, null)
            .ApplyAsync(intent, Stage.All, TestContext.Current.CancellationToken);

        Assert.False(report.Succeeded);
        Assert.Empty(report.NotUndone);
        VirtualFunction vf = host.State.KnownFunctions[0].VirtualFunctions[0];
        Assert.Null(vf.Driver);
        Assert.Null(vf.DriverOverride);
    }

    [Fact]
    public async Task A_mode_change_that_no_order_allows_fails_with_the_kernel_s_message()
    {
        var host = new FakeHost(SampleHost.Legacy(), DriverRule.Never);

        ApplyReport report = await host.ApplyAsync(One);

        Assert.Contains("the driver refuses: not supported", Assert.Single(report.Failures), StringComparison.Ordinal);
        Assert.Equal(2, host.State.KnownFunctions[0].VfCount.Value);
        Assert.Single(report.Steps);
    }

    private static void FailAt<T>(StepAction action)
        where T : StepAction
    {
        if (action is T)
        {
            throw new StepException($"{action.Kind}: it failed", 5, null, null, null);
        }
    }

    /// <summary>Does a step and then says that it failed.</summary>
    private sealed class HalfDone(FakeHost host, Predicate<StepAction> fails) : IStepRunner
    {
        public async Task<StepResult> RunAsync(StepAction action, CancellationToken cancellation)
        {
            StepResult result = await host.RunAsync(action, cancellation);
            return fails(action) ? throw new StepException("it was half done", 5, null, null, null) : result;
        }
    }
}
