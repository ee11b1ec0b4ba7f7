using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Platform;
using OvsOffload.Sysfs;
using OvsOffload.Tests.Planning;

namespace OvsOffload.Tests.Host;

public class VfLagProofTests
{
    private static readonly HostState Host = BondSample.Switchdev();

    private static readonly Reading<Mlx5Lag> Active = Reading.Known(BondSample.ActiveLag);

    [Fact]
    public void Debugfs_of_both_ports_proves_VF_LAG()
    {
        VfLag lag = Of(Host, Active, Active);

        Assert.Equal(VfLagState.Active, lag.State);
        Assert.Equal(
            "/sys/kernel/debug/mlx5/0000:3b:00.0/lag/state: active; type: switchdev; port_sel_mode: hash; mapping: 1 2",
            lag.Evidence);
    }

    [Fact]
    public void One_port_without_LAG_disproves_VF_LAG() =>
        Assert.Equal(VfLagState.Inactive, Of(Host, Active, Active.Map(lag => lag with { IsActive = false })).State);

    [Fact]
    public void Of_a_LAG_that_debugfs_shows_disabled_the_log_says_why_and_never_that_it_is_active()
    {
        Reading<Mlx5Lag> disabled = Active.Map(lag => lag with { IsActive = false });
        const string map = "mlx5_core 0000:3b:00.0: lag map: port 1:1 port 2:2";

        VfLag refused = Of(
            Host.WithKernelLog("mlx5_core 0000:3b:00.0: Failed to create LAG (-22)"), disabled, disabled);

        Assert.Equal("the firmware rejected the LAG", refused.Why);
        Assert.StartsWith("/sys/kernel/debug/mlx5/0000:3b:00.0/lag/state: disabled; kernel log: ", refused.Evidence);
        Assert.Equal(VfLagState.Inactive, Of(Host.WithKernelLog(map), disabled, disabled).State);
    }

    [Theory]
    [InlineData("roce")]
    [InlineData("multipath")]
    [InlineData("multiport_eswitch")]
    public void Another_type_of_LAG_is_no_VF_LAG(string type)
    {
        Reading<Mlx5Lag> lag = Active.Map(one => one with { Type = Reading.Known(type) });

        Assert.Equal(
            (VfLagState.Inactive, true), (Of(Host, lag, lag).State, Of(Host, lag, lag).Evidence.EndsWith(type)));
    }

    [Fact]
    public void A_LAG_of_other_ports_is_not_this_bond_s()
    {
        Reading<Mlx5Lag> lag = Active.Map(one => one with
        {
            Members = Reading.Known<ImmutableArray<PciAddress>>(
                [.. one.Members.Value, PciAddress.Parse("0000:3b:00.2")]),
        });

        Assert.Equal(VfLagState.Inactive, Of(Host, lag, lag).State);
    }

    [Fact]
    public void Without_debugfs_the_log_decides()
    {
        var unread = Reading.Failed<Mlx5Lag>("debugfs is not mounted");

        Assert.Equal(VfLagState.Active,
            Of(Host.WithKernelLog("mlx5_core 0000:3b:00.0: lag map: port 1:1 port 2:2"), unread, unread).State);
        VfLag nothing = Of(Host, unread, unread);
        Assert.Equal((VfLagState.Unknown, true), (nothing.State, nothing.Why!.Contains("debugfs is not mounted")));
    }

    [Fact]
    public void A_log_line_proves_nothing_while_a_port_is_in_legacy_mode()
    {
        HostState host = Host.WithKernelLog("mlx5_core 0000:3b:00.0: lag map: port 1:1 port 2:2")
            .WithPf(
                pf => pf with { Eswitch = pf.Eswitch.Map(eswitch => eswitch with { Mode = EswitchMode.Legacy }) }, 1);
        var unread = Reading.Failed<Mlx5Lag>("debugfs is not mounted");

        Assert.Equal(VfLagState.Inactive, Of(host, unread, unread).State);
    }

    [Fact]
    public void A_new_kernel_that_shows_no_LAG_has_none_and_an_old_one_may_have_one()
    {
        var absent = Reading.Absent<Mlx5Lag>("no directory lag");
        HostState old = Host.WithKernelFacts(
            facts => facts with { Release = KernelRelease.Parse("5.15.0-100-generic") });

        Assert.Equal(VfLagState.Inactive, Of(Host, absent, absent).State);
        Assert.Equal(VfLagState.Unknown, Of(old, absent, absent).State);
    }

    [Fact]
    public void A_member_that_is_no_uplink_disproves_it()
    {
        var tap = new NetDevice { Index = 70, Name = "tap7" };

        VfLag lag = VfLagProof.Of([(tap, null)], [Active], Host.Kernel);

        Assert.Equal((VfLagState.Inactive, "member tap7 is not the uplink of a PF"), (lag.State, lag.Why));
    }

    [Fact]
    public void A_bond_without_members_is_in_no_hardware() =>
        Assert.Equal(VfLagState.Inactive, VfLagProof.Of([], [], Host.Kernel).State);

    private static VfLag Of(HostState host, params Reading<Mlx5Lag>[] lags) => VfLagProof.Of(
        [.. host.KnownFunctions.Select(pf => (pf.Uplink!, (PhysicalFunction?)pf))], [.. lags], host.Kernel);
}
