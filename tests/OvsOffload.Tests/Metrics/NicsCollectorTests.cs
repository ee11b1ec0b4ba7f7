using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Metrics;
using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Sysfs;

namespace OvsOffload.Tests.Metrics;

public sealed class NicsCollectorTests
{
    private static readonly NicFacts Switchdev = new()
    {
        Address = PciAddress.Parse("0000:3b:00.0"),
        Device = "eth4",
        Model = "ConnectX-5",
        Driver = "mlx5_core",
        Firmware = Reading.Known(new Firmware("16.35.4506", null, "MT_0000000012", null)),
        NumaNode = 1,
        Vfs = Reading.Known(2),
        VfLimit = Reading.Known(8),
        Eswitch = Reading.Known(new DevlinkEswitch(EswitchMode.Switchdev, null, null)),
        Functions = Reading.Known<IReadOnlyList<FunctionPort>>(
        [
            new FunctionPort("vf0", 0, null, 0, 1, new Link { Index = 7, Name = "eth4_0" }),
            new FunctionPort("vf1", 1, null, 0, 2, null),
            new FunctionPort("sf88", null, null, 0, 3, new Link { Index = 8, Name = "eth4_s" }),
            new FunctionPort("vf0", 0, 1, 0, 4, new Link { Index = 9, Name = "c1" }),
        ]),
        Health = Reading.Known<IReadOnlyList<DevlinkHealthReporter>>(
            [Reporter("fw", 0), Reporter("tx", 2), Reporter("tx", 3)]),
    };

    [Fact]
    public void A_PF_shows_its_mode_its_counts_and_what_it_is() => Assert.Equal(
        [
            "eswitch_mode{pf=0000:3b:00.0,mode=legacy} 0",
            "eswitch_mode{pf=0000:3b:00.0,mode=switchdev} 1",
            "eswitch_mode{pf=0000:3b:00.0,mode=switchdev_inactive} 0",
            "eswitch_mode{pf=0000:3b:00.0,mode=unsupported} 0",
            "vfs{pf=0000:3b:00.0} 2",
            "vfs_limit{pf=0000:3b:00.0} 8",
            "representors{pf=0000:3b:00.0} 1",
            "pf_info{pf=0000:3b:00.0,device=eth4,model=ConnectX-5,driver=mlx5_core,firmware=16.35.4506,"
                + "psid=MT_0000000012,numa_node=1} 1",
            "devlink_health_errors_total{pf=0000:3b:00.0,reporter=fw} 0",
            "devlink_health_errors_total{pf=0000:3b:00.0,reporter=tx} 5",
        ],
        NicsCollector.Samples([Switchdev]).Lines());

    [Fact]
    public void What_the_configuration_asks_for_stands_beside_what_there_is()
    {
        string[] lines = Wanting(NicMode.Switchdev, 4);
        Assert.Contains("vfs_desired{pf=0000:3b:00.0} 4", lines);
        Assert.Contains("representors_desired{pf=0000:3b:00.0} 4", lines);
    }

    [Fact]
    public void In_legacy_mode_no_representors_are_desired() =>
        Assert.Contains("representors_desired{pf=0000:3b:00.0} 0", Wanting(NicMode.Legacy, 4));

    [Fact]
    public void Where_only_the_mode_is_asked_for_the_VFs_there_are_shall_have_representors()
    {
        string[] lines = Wanting(NicMode.Switchdev, null);
        Assert.Contains("representors_desired{pf=0000:3b:00.0} 2", lines);
        Assert.DoesNotContain(lines, line => line.StartsWith("vfs_desired", StringComparison.Ordinal));
    }

    [Fact]
    public void A_PF_without_an_e_switch_is_unsupported_and_one_without_SR_IOV_has_no_VFs()
    {
        string[] lines = NicsCollector.Samples(
        [
            Switchdev with
            {
                Eswitch = Reading.Absent<DevlinkEswitch>("no e-switch"),
                Vfs = Reading.Absent<int>("no SR-IOV"),
                VfLimit = Reading.Absent<int>("no SR-IOV"),
            },
        ]).Lines();
        Assert.Contains("eswitch_mode{pf=0000:3b:00.0,mode=unsupported} 1", lines);
        Assert.Contains("eswitch_mode{pf=0000:3b:00.0,mode=legacy} 0", lines);
        Assert.DoesNotContain(lines, line => line.StartsWith("vfs", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_a_PF_without_a_driver_nobody_knows_the_mode()
    {
        string[] lines = NicsCollector.Samples(
        [
            Switchdev with { Driver = null, Eswitch = Reading.Absent<DevlinkEswitch>("not registered with devlink") },
        ]).Lines();

        Assert.DoesNotContain(lines, line => line.StartsWith("eswitch_mode", StringComparison.Ordinal));
        Assert.Contains("vfs{pf=0000:3b:00.0} 2", lines);
    }

    [Fact]
    public void Of_a_PF_that_is_gone_only_what_is_wanted_of_it_is_left()
    {
        var address = PciAddress.Parse("0000:3b:00.1");

        Assert.Equal(
            ["vfs_desired{pf=0000:3b:00.1} 4", "representors_desired{pf=0000:3b:00.1} 4"],
            NicsCollector.Samples([NicFacts.Gone(address, Wanted(NicMode.Switchdev, 4))]).Lines());
        Assert.Empty(NicsCollector.Samples([NicFacts.Gone(address, null)]));
    }

    [Fact]
    public void What_could_not_be_read_fails_the_collector_and_is_no_zero()
    {
        NicFacts[] broken =
        [
            Switchdev with { Eswitch = Reading.Failed<DevlinkEswitch>("EIO") },
            Switchdev with { Vfs = Reading.Failed<int>("EIO") },
            Switchdev with { Functions = Reading.Failed<IReadOnlyList<FunctionPort>>("EIO") },
            Switchdev with { Health = Reading.Failed<IReadOnlyList<DevlinkHealthReporter>>("EIO") },
        ];
        Assert.All(broken, nic =>
        {
            CollectorException failure = Assert.Throws<CollectorException>(() => NicsCollector.Samples([nic]).Lines());
            Assert.Contains("0000:3b:00.0: EIO", failure.Message);
        });
    }

    [Fact]
    public void One_PF_that_could_not_be_read_leaves_the_numbers_of_the_others()
    {
        NicFacts other = Switchdev with { Address = PciAddress.Parse("0000:3b:00.1") };
        NicFacts broken = Switchdev with { Health = Reading.Failed<IReadOnlyList<DevlinkHealthReporter>>("EIO") };

        CollectorException failure = Assert.Throws<CollectorException>(
            () => NicsCollector.Samples([broken, other]));

        Assert.Equal("health of 0000:3b:00.0: EIO", failure.Message);
        Assert.Equal(NicsCollector.Samples([other]).Lines(), failure.StillTrue.Lines());
    }

    [Fact]
    public void Every_PF_that_could_not_be_read_is_named()
    {
        NicFacts one = Switchdev with { Vfs = Reading.Failed<int>("EIO") };
        NicFacts two = one with { Address = PciAddress.Parse("0000:3b:00.1") };

        CollectorException failure = Assert.Throws<CollectorException>(() => NicsCollector.Samples([one, two]));

        Assert.Equal("VFs of 0000:3b:00.0: EIO; VFs of 0000:3b:00.1: EIO", failure.Message);
        Assert.Empty(failure.StillTrue);
    }

    [Fact]
    public void A_host_without_NICs_has_no_samples() => Assert.Empty(NicsCollector.Samples([]));

    private static string[] Wanting(NicMode mode, int? vfs) =>
        NicsCollector.Samples([Switchdev with { Intent = Wanted(mode, vfs) }]).Lines();

    private static NicIntent Wanted(NicMode mode, int? vfs) => new()
    {
        Pf = new PfReference(PfReferenceKind.PciAddress, "0000:3b:00.0", "0000:3b:00.0", SourcePosition.Defaults),
        Mode = mode,
        Vfs = vfs,
    };

    private static DevlinkHealthReporter Reporter(string name, ulong errors) =>
        new() { Handle = DevlinkHandle.Pci("0000:3b:00.0"), Name = name, Errors = errors };
}
