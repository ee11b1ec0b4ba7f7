using System.Collections.Immutable;
using System.Net;
using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Sysfs;

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
    public void A_process_that_cannot_be_inspected_may_use_the_VF()
    {
        _host.File("/proc/500/fd/3", "");

        Assert.True(Of(Vf("mlx5_core", Netdev)).IsFailed);
    }

    [Fact]
    public void A_device_that_the_host_does_not_use_is_free() => Assert.True(Of(Vf("mlx5_core", Netdev)).IsAbsent);

    [Fact]
    public void A_device_with_an_address_is_used_by_the_host() => Assert.Equal(
        new Holder(HolderKind.Host, $"{Netdev} has the address 192.0.2.9/24 on this host"),
        Of(
            Vf("mlx5_core", Netdev),
            [Own with { Addresses = [new IPNetworkAddress(IPAddress.Parse("192.0.2.9"), 24)] }]).Value);

    [Fact]
    public void A_device_below_another_is_used_by_the_host()
    {
        var holder = new Holder(HolderKind.Host, $"{Netdev} is a lower device of upper0 on this host");
        var upper = new NetDevice { Index = 30, Name = "upper0" };

        Assert.Equal(holder, Of(Vf("mlx5_core", Netdev), [Own with { Master = 30 }, upper]).Value);
        Assert.Equal(holder, Of(Vf("mlx5_core", Netdev), [Own, upper with { Lower = 20 }]).Value);
    }

    [Fact]
    public void Devices_that_could_not_be_read_may_use_it()
    {
        var source = new HolderSource(
            _host.Paths, Reading.Failed<ImmutableArray<NetDevice>>("EPERM"), SwitchPorts.None, NamespacedDevices.None,
            RdmaUsers.None);

        Assert.Equal("EPERM", source.Of(Vf("mlx5_core", Netdev), NoRepresentor).Why);
        Assert.True(source.Of(Vf("mlx5_core", Netdev), NoRepresentor).IsFailed);
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
    public void A_missing_device_may_be_in_an_unreadable_namespace()
    {
        var elsewhere = new NamespacedDevices(new Dictionary<string, string>(), ["network namespace n2: EPERM"]);

        Reading<Holder> holder = Of(Vf("mlx5_core"), elsewhere: elsewhere);

        Assert.True(holder.IsFailed);
        Assert.Contains("network namespace n2: EPERM", holder.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_VF_whose_driver_has_no_device_is_free() =>
        Assert.True(Of(Vf("mlx5_core")).IsAbsent);

    [Theory]
    [InlineData("mlx5_core")]
    [InlineData("vfio-pci")]
    [InlineData(null)]
    public void A_VF_whose_port_an_agent_claimed_is_held(string? driver)
    {
        HolderSource source = With(Claimed);

        Assert.Equal(HolderKind.Claim, source.Of(Vf(driver, Netdev), Representor(0)).Value.Kind);
        Assert.True(source.Of(Vf(driver, Netdev), Representor(1)).IsAbsent);
        Assert.True(source.Of(Vf(driver, Netdev), NoRepresentor).IsAbsent);
    }

    [Fact]
    public void A_claim_is_found_by_an_alternative_name_of_the_representor() => Assert.Equal(
        HolderKind.Claim,
        With(Claimed).Of(
            Vf(null),
            Reading.Known(new NetDevice { Index = 40, Name = "other", AltNames = [SampleHost.RepresentorName(0)] }))
            .Value.Kind);

    [Fact]
    public void A_port_of_Open_vSwitch_may_be_claimed_while_the_database_does_not_answer()
    {
        Reading<Holder> holder = With(SamplePorts.InKernel("ovs-system", SampleHost.RepresentorName(0)))
            .Of(Vf("vfio-pci"), Representor(0));

        Assert.True(holder.IsFailed);
        Assert.Contains("ECONNREFUSED", holder.Why, StringComparison.Ordinal);
        Assert.Contains(SampleHost.RepresentorName(0), holder.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_representor_that_is_no_port_is_unclaimed_whether_or_not_the_database_answers()
    {
        HolderSource source = With(SamplePorts.InKernel("ovs-system", "br0"));

        Assert.True(source.Of(Vf("vfio-pci"), Representor(0)).IsAbsent);
        Assert.True(source.Of(Vf("vfio-pci"), NoRepresentor).IsAbsent);
    }

    [Fact]
    public void While_a_daemon_runs_and_the_database_does_not_answer_any_representor_may_be_claimed() => Assert.True(
        With(SamplePorts.InKernel() with { DaemonRuns = Reading.Known(true) })
            .Of(Vf("vfio-pci"), Representor(0)).IsFailed);

    [Fact]
    public void Where_representors_could_not_be_read_any_claim_may_be_of_this_VF()
    {
        var unread = Reading.Failed<NetDevice>("devlink port show: EPERM");

        Assert.Contains(
            "devlink port show: EPERM", With(Claimed).Of(Vf("vfio-pci"), unread).Why, StringComparison.Ordinal);
        Assert.True(With(SamplePorts.Of(["br0", "eth0"])).Of(Vf("vfio-pci"), unread).IsAbsent);
    }

    [Fact]
    public void A_VF_whose_driver_could_not_be_read_may_be_held()
    {
        PciFunction vf = Vf(null) with { Driver = Reading.Failed<string>("driver: EIO") };

        Assert.True(With(SwitchPorts.None).Of(vf, NoRepresentor).IsFailed);
    }

    [Fact]
    public void A_device_that_is_a_port_of_Open_vSwitch_is_used_by_the_host() => Assert.Equal(
        new Holder(HolderKind.Host, $"{Netdev} is a port of Open vSwitch on this host"),
        With(SamplePorts.Of(["br0", Netdev])).Of(Vf("mlx5_core", Netdev), NoRepresentor).Value);

    [Fact]
    public void Whoever_uses_the_RDMA_device_of_a_VF_holds_it()
    {
        var rdma = new RdmaUsers(
            new OpenFilesResult([new OpenFile(77, "fio", "/dev/infiniband/uverbs3", "/proc/77/fd/5")], null),
            Reading.Known<IReadOnlyList<RdmaQueuePair>>([]), _ => "?");
        PciFunction vf = Vf("mlx5_core", Netdev) with
        {
            RdmaDevices = Reading.Known<IReadOnlyList<string>>(["mlx5_2"]),
            VerbsNodes = Reading.Known<IReadOnlyList<string>>(["/dev/infiniband/uverbs3"]),
        };
        var source = new HolderSource(
            _host.Paths, Reading.Known<ImmutableArray<NetDevice>>([Own]), SwitchPorts.None, NamespacedDevices.None,
            rdma);

        Assert.Equal(HolderKind.Rdma, source.Of(vf, NoRepresentor).Value.Kind);
    }

    [Fact]
    public void Only_a_VF_with_a_network_driver_and_no_local_device_is_searched_in_other_namespaces()
    {
        Assert.True(HolderSource.MayBeInOtherNamespace(Vf("mlx5_core")));
        Assert.False(HolderSource.MayBeInOtherNamespace(Vf("mlx5_core", Netdev)));
        Assert.False(HolderSource.MayBeInOtherNamespace(Vf("vfio-pci")));
        Assert.False(HolderSource.MayBeInOtherNamespace(Vf("mlx5_vfio_pci")));
        Assert.False(HolderSource.MayBeInOtherNamespace(Vf(null)));
    }

    private static Reading<NetDevice> NoRepresentor => Reading.Absent<NetDevice>("legacy mode");

    private static SwitchPorts Claimed => SwitchPorts.None with
    {
        Database = SampleHost.ConnectX6Dx()
            .WithInterface(SampleHost.RepresentorName(0), row => row with
            {
                ExternalIds = new Dictionary<string, string> { ["iface-id"] = "port-1" },
            }).OpenVSwitch.Database,
    };

    private static Reading<NetDevice> Representor(int vf) =>
        Reading.Known(new NetDevice { Index = 40 + vf, Name = SampleHost.RepresentorName(vf) });

    private HolderSource With(SwitchPorts ports) => new(
        _host.Paths, Reading.Known<ImmutableArray<NetDevice>>([Own]), ports, NamespacedDevices.None, RdmaUsers.None);

    private Reading<Holder> Of(
        PciFunction vf, ImmutableArray<NetDevice>? devices = null, NamespacedDevices? elsewhere = null) =>
        new HolderSource(
            _host.Paths, Reading.Known(devices ?? [Own]), SwitchPorts.None, elsewhere ?? NamespacedDevices.None,
            RdmaUsers.None)
            .Of(vf, NoRepresentor);

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
        RdmaDevices = Reading.Absent<IReadOnlyList<string>>("none"),
    };
}
