using System.Net.NetworkInformation;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Planning;

namespace OvsOffload.Tests.Planning;

public class VfAddressTests
{
    private static readonly HardwareAddress Own = HardwareAddress.Parse("0c:42:a1:00:00:0a");

    [Fact]
    public void Stable_addresses_come_from_the_PFs_own_address() => Assert.Equal(
        [(0, StableMac.Of(Own, 0)), (1, StableMac.Of(Own, 1))],
        With(SampleHost.Fresh(), VfMacSource.Stable, 2).All<SetVfMac>().Select(step => (step.Vf, step.To)));

    [Fact]
    public void A_stable_address_is_local_unicast_and_another_for_each_VF_and_PF()
    {
        HardwareAddress[] some =
        [
            .. Enumerable.Range(0, 300).Select(vf => StableMac.Of(Own, vf)),
            StableMac.Of(HardwareAddress.Parse("0c:42:a1:00:00:0b"), 0),
        ];

        Assert.Distinct(some);
        Assert.All(some, address => Assert.Equal(0x02, address.ToBytes()[0] & 0x03));
    }

    /// <summary>Guests know their NIC by it, so another release must not give another one.</summary>
    [Fact]
    public void A_stable_address_is_the_same_for_ever() =>
        Assert.Equal("e6:2c:c0:c8:95:6a", StableMac.Of(Own, 7).ToString());

    [Fact]
    public void Stable_addresses_that_are_right_are_left_alone()
    {
        HostState host = SampleHost.ConnectX6Dx();
        for (int vf = 0; vf < 2; vf++)
        {
            host = Addressed(host, vf, StableMac.Of(Own, vf));
        }

        Assert.True(With(host, VfMacSource.Stable).IsEmpty);
    }

    [Fact]
    public void A_wrong_address_is_corrected_while_no_driver_has_the_VF()
    {
        HostState host = Addressed(SampleHost.ConnectX6Dx(), 0, StableMac.Of(Own, 0));

        Plan plan = With(host, VfMacSource.Stable);

        Assert.Equal("vf-unbind vf-mac vf-driver", plan.Order());
        Assert.All(plan.Steps, step => Assert.EndsWith("vf1", step.Action.Object, StringComparison.Ordinal));
        Assert.Equal("mlx5_core", plan.All<SetVfDriver>()[^1].To);
    }

    [Fact]
    public void A_held_VF_keeps_its_wrong_address()
    {
        HostState host = SampleHost.ConnectX6Dx()
            .WithHolder(0, HolderKind.Claim, "an agent")
            .WithVf(1, vf => vf with { Holder = Reading.Failed<Holder>("nobody can tell") });

        Assert.Empty(With(host, VfMacSource.Stable).Steps);
    }

    [Fact]
    public void Settings_that_could_not_be_read_are_not_written_over()
    {
        HostState host =
            SampleHost.ConnectX6Dx(1).WithVf(0, vf => vf with { Settings = Reading.Failed<LinkVf>("EIO") });

        Assert.Empty(With(host, VfMacSource.Stable).Steps);
    }

    [Fact]
    public void A_list_gives_each_VF_its_own()
    {
        NicIntent nic = SampleIntent.Nic(NicMode.Switchdev, 2) with
        {
            VfMacs = VfMacSource.List,
            VfMacList = [PhysicalAddress.Parse("02-00-00-00-00-01"), PhysicalAddress.Parse("02-00-00-00-00-02")],
        };

        Assert.Equal(
            ["02:00:00:00:00:01", "02:00:00:00:00:02"],
            Planned.For(SampleHost.Fresh(), nic).All<SetVfMac>().Select(step => step.To.ToString()));
    }

    [Fact]
    public void Random_addresses_are_local_unicast_and_differ()
    {
        HardwareAddress[] made =
            [.. With(SampleHost.Fresh(), VfMacSource.Random, 8).All<SetVfMac>().Select(step => step.To)];

        Assert.Equal(8, made.Distinct().Count());
        Assert.All(made, address => Assert.Equal(0x02, address.ToBytes()[0] & 0x03));
    }

    [Fact]
    public void Random_addresses_are_new_when_VFs_are_made_anew()
    {
        HostState host = SampleHost.ConnectX6Dx();

        IEnumerable<HardwareAddress?> now = host.KnownFunctions[0].VirtualFunctions.Select(vf => vf.Mac);

        Plan plan = With(host, VfMacSource.Random, 3);
        Assert.Empty(plan.All<SetVfMac>().Select(step => (HardwareAddress?)step.To).Intersect(now));
    }

    [Fact]
    public void Random_addresses_stay_as_long_as_the_VFs_do() =>
        Assert.True(With(SampleHost.ConnectX6Dx(), VfMacSource.Random).IsEmpty);

    [Fact]
    public void Kept_addresses_return_when_VFs_are_made_anew() => Assert.Equal(
        [(0, "02:42:a1:00:01:00"), (1, "02:42:a1:00:01:01")],
        With(SampleHost.ConnectX6Dx(), VfMacSource.Keep, 4).All<SetVfMac>()
            .Select(step => (step.Vf, step.To.ToString())));

    [Fact]
    public void Addresses_that_were_never_set_are_not_set_to_keep_them()
    {
        HostState host = Addressed(SampleHost.ConnectX6Dx(1), 0, HardwareAddress.Parse("00:00:00:00:00:00"));

        Assert.Empty(With(host, VfMacSource.Keep, 2).All<SetVfMac>());
    }

    private static Plan With(HostState host, VfMacSource source, int? vfs = null) =>
        Planned.For(host, SampleIntent.Nic(NicMode.Switchdev, vfs) with { VfMacs = source });

    private static HostState Addressed(HostState host, int vf, HardwareAddress address) =>
        host.WithVf(vf, one => one with
        {
            Settings = one.Settings.Map(settings => settings with { Address = address }),
        });
}
