using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Os;
using OvsOffload.Planning;

namespace OvsOffload.Tests.Planning;

public class VfDriverTests
{
    private static readonly VfDriver Vfio = VfDriver.Named("vfio-pci");

    [Fact]
    public void Auto_leaves_new_VFs_to_the_kernels_probing() => Assert.Equal(
        [(SetVfDriver.Default, null), (SetVfDriver.Default, null)], Bound(SampleHost.Fresh(), VfDriver.Auto, 2));

    [Fact]
    public void Auto_binds_no_new_VF_where_probing_is_off() => Assert.Empty(Bound(
        SampleHost.Fresh().WithPf(pf => pf with { DriversAutoprobe = Reading.Known(false) }), VfDriver.Auto, 2));

    [Fact]
    public void Auto_gives_VFs_that_are_made_anew_the_drivers_they_had()
    {
        HostState host = SampleHost.ConnectX6Dx(3)
            .WithVf(1, vf => vf with { Driver = "vfio-pci", DriverOverride = "vfio-pci" })
            .WithVf(2, vf => vf with { Driver = null });

        Assert.Equal(
            [(0, "mlx5_core", null), (1, "vfio-pci", "vfio-pci"), (3, SetVfDriver.Default, null)],
            Planned.For(host, Nic(VfDriver.Auto, 4)).All<SetVfDriver>()
                .Select(step => (step.Vf, step.To, step.OverrideTo)));
    }

    [Fact]
    public void Auto_leaves_VFs_that_stay_as_they_are() => Assert.True(Planned.For(
        SampleHost.ConnectX6Dx().WithVf(1, vf => vf with { Driver = null }), Nic(VfDriver.Auto)).IsEmpty);

    [Fact]
    public void A_named_driver_is_forced_by_driver_override() =>
        Assert.Equal([("vfio-pci", "vfio-pci"), ("vfio-pci", "vfio-pci")], Bound(SampleHost.Fresh(), Vfio, 2));

    [Fact]
    public void A_VF_that_stays_changes_over_to_the_named_driver()
    {
        Plan plan = Planned.For(SampleHost.ConnectX6Dx(1), Nic(Vfio));

        Assert.Equal("vf-unbind vf-driver", plan.Order());
        Assert.Equal(
            [("mlx5_core", null), (null, "vfio-pci")], plan.All<SetVfDriver>().Select(step => (step.From, step.To)));
        Assert.Contains("enp59s0f0v0 goes away", plan.Steps[0].Disrupts);
    }

    [Fact]
    public void None_binds_no_new_VF() => Assert.Empty(Bound(SampleHost.Fresh(), VfDriver.None, 2));

    [Fact]
    public void None_unbinds_VFs_that_stay() =>
        Assert.Equal("vf-unbind", Planned.For(SampleHost.ConnectX6Dx(), Nic(VfDriver.None)).Order());

    [Fact]
    public void Kernel_is_the_models_own_driver() =>
        Assert.Equal([("mlx5_core", null), ("mlx5_core", null)], Bound(SampleHost.Fresh(), VfDriver.Kernel, 2));

    [Fact]
    public void Kernel_takes_a_VF_back_from_vfio()
    {
        HostState host = SampleHost.ConnectX6Dx(1)
            .WithVf(0, vf => vf with { Driver = "vfio-pci", DriverOverride = "vfio-pci", Devices = [] });

        SetVfDriver bound = Planned.For(host, Nic(VfDriver.Kernel)).All<SetVfDriver>()[^1];

        Assert.Equal(("mlx5_core", null), (bound.To, bound.OverrideTo));
    }

    [Fact]
    public void Where_probing_is_off_the_kernels_driver_is_bound_and_nothing_is_forced_after()
    {
        HostState host = SampleHost.ConnectX6Dx(1)
            .WithPf(pf => pf with { DriversAutoprobe = Reading.Known(false) })
            .WithVf(0, vf => vf with { Driver = null });

        SetVfDriver bind = Planned.For(host, Nic(VfDriver.Kernel)).All<SetVfDriver>().Single();

        // driver_override is lent for the bind alone (PciSteps).
        Assert.Equal(("mlx5_core", null), (bind.To, bind.OverrideTo));
    }

    [Fact]
    public void Nobodys_driver_is_changed_under_a_holder()
    {
        HostState host = SampleHost.ConnectX6Dx()
            .WithHolder(0, HolderKind.Host, "bond0")
            .WithVf(1, vf => vf with { Holder = Reading.Failed<Holder>("nobody can tell") });

        Assert.Empty(Planned.For(host, Nic(Vfio)).Steps);
    }

    [Fact]
    public void Drivers_are_corrected_after_the_mode_was_changed_under_the_VFs() => Assert.StartsWith(
        "switchdev wait-representors vf-unbind vf-driver vf-unbind vf-driver",
        Planned.For(SampleHost.Legacy(), Nic(Vfio)).Order(), StringComparison.Ordinal);

    private static IEnumerable<(string?, string?)> Bound(HostState host, VfDriver driver, int vfs) =>
        Planned.For(host, Nic(driver, vfs)).All<SetVfDriver>().Select(step => (step.To, step.OverrideTo));

    private static NicIntent Nic(VfDriver driver, int? vfs = null) =>
        SampleIntent.Nic(NicMode.Switchdev, vfs) with { VfDriver = driver };
}
