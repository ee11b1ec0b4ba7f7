using System.Collections.Immutable;
using System.Net;
using OvsOffload.Host;
using OvsOffload.OpenVSwitch;
using OvsOffload.Sysfs;
using OvsOffload.System;
using OvsOffload.Tests.Fixtures;

namespace OvsOffload.Tests.Host;

public sealed class HolderSourceTests : IDisposable
{
    private const string Netdev = "enp59s0f0v0";

    private static readonly NetDevice Own = new() { Index = 20, Name = Netdev };
    private readonly HostTree _host = new();

    // The tree looks like a host on which all processes are seen.
    public HolderSourceTests() => _host.Link("/proc/self/ns/pid", "pid:[4026531836]").Dir("/proc/1/fd");

    public void Dispose() => _host.Dispose();

    [Fact]
    public void A_guest_holds_what_it_has_open()
    {
        Open(4242, "qemu-system-x86", "/dev/vfio/7");

        Holder holder = Of(Vf("vfio-pci")).Value;

        Assert.Equal(
            (HolderKind.Vfio, "qemu-system-x86 (pid 4242) has /dev/vfio/7 open"), (holder.Kind, holder.Description));
        Assert.Equal([4242], holder.Processes);
    }

    [Fact]
    public void A_VF_that_waits_at_vfio_with_nobody_is_free() => Assert.True(Of(Vf("vfio-pci")).IsAbsent);

    [Fact]
    public void A_VF_without_a_driver_is_free() => Assert.True(Of(Vf(null)).IsAbsent);

    [Fact]
    public void A_process_that_may_not_be_looked_into_may_hold_it()
    {
        _host.File("/proc/500/fd/3", "");

        Assert.True(Of(Vf("mlx5_core", Netdev)).IsFailed);
    }

    [Fact]
    public void A_device_that_the_host_only_has_is_free() => Assert.True(Of(Vf("mlx5_core", Netdev)).IsAbsent);

    [Fact]
    public void A_device_with_an_address_is_used_by_the_host() => Assert.Equal(
        new Holder(HolderKind.Host, $"{Netdev} has the address 192.0.2.9/24 on this host"),
        Of(
            Vf("mlx5_core", Netdev),
            [Own with { Addresses = [new IPNetworkAddress(IPAddress.Parse("192.0.2.9"), 24)] }]).Value);

    [Fact]
    public void A_device_below_another_is_used_by_the_host()
    {
        var holder = new Holder(HolderKind.Host, $"{Netdev} is below upper0 on this host");
        var upper = new NetDevice { Index = 30, Name = "upper0" };

        Assert.Equal(holder, Of(Vf("mlx5_core", Netdev), [Own with { Master = 30 }, upper]).Value);
        Assert.Equal(holder, Of(Vf("mlx5_core", Netdev), [Own, upper with { Lower = 20 }]).Value);
    }

    [Fact]
    public void Devices_that_could_not_be_read_may_use_it()
    {
        var source = new HolderSource(
            _host.Paths, Reading.Failed<ImmutableArray<NetDevice>>("EPERM"), NoDatabase, NamespacedDevices.None);

        Assert.Equal("EPERM", source.Of(Vf("mlx5_core", Netdev), null).Why);
        Assert.True(source.Of(Vf("mlx5_core", Netdev), null).IsFailed);
    }

    [Fact]
    public void A_device_in_another_network_namespace_is_held_there()
    {
        var elsewhere = new NamespacedDevices(
            new Dictionary<string, string> { ["0000:3b:00.2"] = "network namespace n1 has eth0" }, []);

        Assert.Equal(
            new Holder(HolderKind.NetworkNamespace, "network namespace n1 has eth0"),
            Of(Vf("mlx5_core"), elsewhere: elsewhere).Value);
    }

    [Fact]
    public void A_device_that_is_nowhere_may_lie_in_a_namespace_that_could_not_be_read()
    {
        var elsewhere = new NamespacedDevices(new Dictionary<string, string>(), ["network namespace n2: EPERM"]);

        Reading<Holder> holder = Of(Vf("mlx5_core"), elsewhere: elsewhere);

        Assert.True(holder.IsFailed);
        Assert.Contains("network namespace n2: EPERM", holder.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_driver_whose_device_is_nowhere_at_all_leaves_the_VF_free() =>
        Assert.True(Of(Vf("mlx5_core")).IsAbsent);

    [Theory]
    [InlineData("mlx5_core")]
    [InlineData("vfio-pci")]
    [InlineData(null)]
    public void A_VF_whose_port_an_agent_claimed_is_held(string? driver)
    {
        Reading<OpenVSwitchDatabase> database = SampleHost.ConnectX6Dx()
            .WithInterface(SampleHost.RepresentorName(0), row => row with
            {
                ExternalIds = new Dictionary<string, string> { ["iface-id"] = "port-1" },
            }).OpenVSwitch.Database;
        var source = new HolderSource(
            _host.Paths, Reading.Known<ImmutableArray<NetDevice>>([Own]), database, NamespacedDevices.None);

        Assert.Equal(HolderKind.Claim, source.Of(Vf(driver, Netdev), SampleHost.RepresentorName(0)).Value.Kind);
        Assert.True(source.Of(Vf(driver, Netdev), SampleHost.RepresentorName(1)).IsAbsent);
        Assert.True(source.Of(Vf(driver, Netdev), null).IsAbsent);
    }

    [Fact]
    public void Only_a_VF_with_a_network_driver_and_no_device_here_is_looked_for_elsewhere()
    {
        Assert.True(HolderSource.MayBeElsewhere(Vf("mlx5_core")));
        Assert.False(HolderSource.MayBeElsewhere(Vf("mlx5_core", Netdev)));
        Assert.False(HolderSource.MayBeElsewhere(Vf("vfio-pci")));
        Assert.False(HolderSource.MayBeElsewhere(Vf("mlx5_vfio_pci")));
        Assert.False(HolderSource.MayBeElsewhere(Vf(null)));
    }

    private static Reading<OpenVSwitchDatabase> NoDatabase => Reading.Absent<OpenVSwitchDatabase>("no db.sock");

    private Reading<Holder> Of(
        PciFunction vf, ImmutableArray<NetDevice>? devices = null, NamespacedDevices? elsewhere = null) =>
        new HolderSource(
            _host.Paths, Reading.Known(devices ?? [Own]), NoDatabase, elsewhere ?? NamespacedDevices.None)
            .Of(vf, null);

    private void Open(int pid, string command, string target) =>
        _host.File($"/proc/{pid}/comm", command + "\n").Link($"/proc/{pid}/fd/9", target);

    private static PciFunction Vf(string? driver, string? netdev = null) => new()
    {
        Address = PciAddress.Parse("0000:3b:00.2"),
        Id = PciId.Parse("15b3:101e"),
        Class = 0x020000,
        Driver = driver is null ? Reading.Absent<string>("no driver") : Reading.Known(driver),
        PhysicalFunction = Reading.Known(PciAddress.Parse(SampleHost.Pf)),
        NetDevices = netdev is null
            ? Reading.Absent<IReadOnlyList<string>>("none")
            : Reading.Known<IReadOnlyList<string>>([netdev]),
        VfioNodes = Reading.Known<IReadOnlyList<string>>(["/dev/vfio/7"]),
    };
}
