using OvsOffload.Applying;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;
using OvsOffload.Planning;

namespace OvsOffload.Tests.Applying;

public sealed class BootReadinessTests : IDisposable
{
    private static readonly HostIntent Goal = SampleIntent.Switchdev(2, RepresentorPorts.All);

    private readonly HostTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void A_configuration_that_only_observes_has_nothing_to_do_at_boot()
    {
        HostIntent observes = HostIntent.Observe;

        Assert.False(BootReadiness.HasWork(observes, Stage.Pre));
        Assert.False(BootReadiness.HasWork(observes, Stage.Post));
        Assert.True(BootReadiness.HasWork(Goal, Stage.Pre));
        Assert.True(BootReadiness.HasWork(Goal, Stage.Post));
    }

    [Fact]
    public void A_configuration_without_nics_has_nothing_to_do_before_the_network()
    {
        HostIntent only = HostIntent.Observe with { OpenVSwitch = Goal.OpenVSwitch with { HwOffload = true } };

        Assert.False(BootReadiness.HasWork(only, Stage.Pre));
        Assert.True(BootReadiness.HasWork(only, Stage.Post));
    }

    [Fact]
    public void Before_the_network_a_PF_that_the_kernel_has_not_found_is_missing()
    {
        Assert.Equal(
            [$"PF {Goal.Nics[0].Pf.Written}"],
            BootReadiness.Missing(Goal, SampleHost.Bare(), Stage.Pre, _tree.Paths).Take(1));
    }

    [Fact]
    public void A_PF_without_its_network_device_is_missing()
    {
        HostState host = SampleHost.Fresh().WithPf(pf => pf with { Uplink = null });

        Assert.Contains(
            "the network device of PF",
            Assert.Single(BootReadiness.Missing(Goal, host, Stage.Pre, _tree.Paths)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_that_udev_has_not_named_is_waited_for()
    {
        HostState host = SampleHost.Fresh();
        NetDevice uplink = host.KnownFunctions[0].Uplink!;
        _tree.Dir("/run/udev/data");

        Assert.Equal(
            [$"udev's name for {uplink.Name}"], BootReadiness.Missing(Goal, host, Stage.Pre, _tree.Paths));

        _tree.File($"/run/udev/data/n{uplink.Index}", "I:4711\n");
        Assert.Empty(BootReadiness.Missing(Goal, host, Stage.Pre, _tree.Paths));
    }

    [Fact]
    public void Without_udev_nobody_is_waited_for_to_name_devices() =>
        Assert.Empty(BootReadiness.Missing(Goal, SampleHost.Fresh(), Stage.Pre, _tree.Paths));

    [Fact]
    public void After_Open_vSwitch_its_daemons_answer_is_waited_for_and_an_absent_one_is_not()
    {
        HostState host = SampleHost.ConnectX6Dx();
        HostState silent = host with
        {
            OpenVSwitch = host.OpenVSwitch with { Daemon = Reading.Failed<string>("connection refused") },
        };
        HostState without = host with
        {
            OpenVSwitch = silent.OpenVSwitch with
            {
                Database = Reading.Absent<OpenVSwitchDatabase>("no socket"),
            },
        };

        Assert.Empty(BootReadiness.Missing(Goal, host, Stage.Post, _tree.Paths));
        Assert.Equal(
            ["an answer of ovs-vswitchd"], BootReadiness.Missing(Goal, silent, Stage.Post, _tree.Paths));
        Assert.Empty(BootReadiness.Missing(Goal, without, Stage.Post, _tree.Paths));
    }
}
