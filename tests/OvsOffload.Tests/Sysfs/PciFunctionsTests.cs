using OvsOffload.Os;
using OvsOffload.Sysfs;

namespace OvsOffload.Tests.Sysfs;

public sealed class PciFunctionsTests : IDisposable
{
    private const string Devices = "/sys/bus/pci/devices";
    private readonly HostTree _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void A_PF_is_read_whole()
    {
        // An 82576 in QEMU 10 with two VFs, as kernel 6.1 shows it.
        _host.Pci("0000:01:00.0", "8086:10c9", "0x020000",
            ("subsystem_vendor", "0x8086"), ("subsystem_device", "0xa03c"), ("driver_override", "(null)"),
            ("numa_node", "-1"),
            ("sriov_totalvfs", "7"), ("sriov_numvfs", "2"), ("sriov_drivers_autoprobe", "1"), ("sriov_offset", "128"),
            ("sriov_stride", "2"), ("current_link_speed", "2.5 GT/s PCIe"), ("max_link_speed", "2.5 GT/s PCIe"),
            ("current_link_width", "1"), ("max_link_width", "4"))
            .Link($"{Devices}/0000:01:00.0/driver", "../../../../bus/pci/drivers/igb")
            .Link($"{Devices}/0000:01:00.0/iommu_group", "../../../../kernel/iommu_groups/6")
            .Link($"{Devices}/0000:01:00.0/virtfn0", "../0000:01:10.0")
            .Link($"{Devices}/0000:01:00.0/virtfn1", "../0000:01:10.2")
            .Dir($"{Devices}/0000:01:00.0/net/eth1");

        PciFunction pf = Assert.Single(new PciFunctions(_host.Paths).Read().Value);

        Assert.Equal("0000:01:00.0", pf.Address.ToString());
        Assert.Equal("8086:10c9", pf.Id.ToString());
        Assert.Equal(0x020000u, pf.Class);
        Assert.Equal("8086:a03c", pf.SubsystemId.Value.ToString());
        Assert.Equal("igb", pf.Driver.Value);
        Assert.True(pf.DriverOverride.IsAbsent);
        Assert.Equal(6, pf.IommuGroup.Value);
        Assert.True(pf.NumaNode.IsAbsent);
        Assert.True(pf.PhysicalFunction.IsAbsent);
        Assert.Equal(7, pf.SriovTotalVfs.Value);
        Assert.Equal(2, pf.SriovNumVfs.Value);
        Assert.True(pf.DriversAutoprobe.Value);
        Assert.Equal(128, pf.SriovOffset.Value);
        Assert.Equal(2, pf.SriovStride.Value);
        Assert.Equal(["0000:01:10.0", "0000:01:10.2"], pf.VirtualFunctions.Value.Select(vf => vf.Address.ToString()));
        Assert.Equal(["eth1"], pf.NetDevices.Value);
        Assert.Equal("2.5 GT/s PCIe", pf.CurrentLinkSpeed.Value);
        Assert.Equal("2.5 GT/s PCIe", pf.MaxLinkSpeed.Value);
        Assert.Equal(1, pf.CurrentLinkWidth.Value);
        Assert.Equal(4, pf.MaxLinkWidth.Value);
        Assert.False(pf.IsVirtualFunction);
    }

    [Fact]
    public void A_VF_names_its_PF_and_the_nodes_that_a_guest_would_hold()
    {
        _host.Pci("0000:01:10.0", "8086:10ca", "0x020000", ("driver_override", "vfio-pci"))
            .Link($"{Devices}/0000:01:10.0/physfn", "../0000:01:00.0")
            .Link($"{Devices}/0000:01:10.0/driver", "../../../../bus/pci/drivers/vfio-pci")
            .Link($"{Devices}/0000:01:10.0/iommu_group", "../../../../kernel/iommu_groups/7")
            .Dir($"{Devices}/0000:01:10.0/vfio-dev/vfio0");

        PciFunction vf = new PciFunctions(_host.Paths).Read(PciAddress.Parse("0000:01:10.0")).Value;

        Assert.True(vf.IsVirtualFunction);
        Assert.Equal("0000:01:00.0", vf.PhysicalFunction.Value.ToString());
        Assert.Equal("vfio-pci", vf.DriverOverride.Value);
        Assert.Equal(["/dev/vfio/7", "/dev/vfio/noiommu-7", "/dev/vfio/devices/vfio0"], vf.VfioNodes.Value);
        Assert.True(vf.NetDevices.IsAbsent);
        Assert.True(vf.SriovTotalVfs.IsAbsent);
    }

    [Fact]
    public void VFs_are_in_the_order_of_their_index_not_of_their_name()
    {
        _host.Pci("0000:03:00.0", "15b3:101d");
        for (int index = 0; index < 12; index++)
        {
            _host.Link($"{Devices}/0000:03:00.0/virtfn{index}", $"../0000:03:{(index + 2) / 8:x2}.{(index + 2) % 8}");
        }

        IReadOnlyList<VirtualFunctionLink> links = new PciFunctions(_host.Paths)
            .Read().Value.Single().VirtualFunctions.Value;

        Assert.Equal(Enumerable.Range(0, 12), links.Select(link => link.Index));
        Assert.Equal("0000:03:01.3", links[9].Address.ToString());
    }

    [Fact]
    public void Functions_are_ordered_by_number_and_only_network_controllers_are_listed()
    {
        _host.Pci("10000:01:00.0", "15b3:1017").Pci("0000:3b:00.0", "15b3:1013", "0x020700")
            .Pci("0000:00:1f.2", "8086:2922", "0x010601");

        IReadOnlyList<PciFunction> functions = new PciFunctions(_host.Paths).Read().Value;

        Assert.Equal(["0000:3b:00.0", "10000:01:00.0"], functions.Select(function => function.Address.ToString()));
    }

    [Fact]
    public void A_card_in_flash_recovery_is_listed_when_its_id_is_asked_for()
    {
        _host.Pci("0000:3b:00.0", "15b3:020d", "0xff0000");
        var functions = new PciFunctions(_host.Paths);

        Assert.Empty(functions.Read().Value);
        Assert.Single(functions.Read(id => id == PciId.Parse("15b3:020d")).Value);
    }

    [Fact]
    public void A_host_without_PCI_is_absent_not_empty() => Assert.True(new PciFunctions(_host.Paths).Read().IsAbsent);

    [Fact]
    public void A_function_that_is_gone_is_absent()
    {
        _host.Pci("0000:3b:00.0", "15b3:101d");

        Assert.True(new PciFunctions(_host.Paths).Read(PciAddress.Parse("0000:3b:00.1")).IsAbsent);
    }

    [Fact]
    public void A_number_that_is_none_is_failed_not_zero()
    {
        _host.Pci("0000:3b:00.0", "15b3:101d", "0x020000", ("sriov_numvfs", "many"), ("sriov_totalvfs", ""),
            ("sriov_drivers_autoprobe", "2"));

        PciFunction pf = new PciFunctions(_host.Paths).Read().Value.Single();

        Assert.Contains("'many' is not a number", pf.SriovNumVfs.Why);
        Assert.True(pf.SriovTotalVfs.IsFailed);
        Assert.True(pf.DriversAutoprobe.IsFailed);
    }

    [Fact]
    public void A_function_whose_identity_makes_no_sense_fails_the_reading_by_its_path()
    {
        _host.Pci("0000:3b:00.0", "15b3:101d").File($"{Devices}/0000:3b:00.0/class", "0x02zz00\n");

        Reading<IReadOnlyList<PciFunction>> reading = new PciFunctions(_host.Paths).Read();

        Assert.True(reading.IsFailed);
        Assert.Contains("0000:3b:00.0/class", reading.Why);
    }
}
