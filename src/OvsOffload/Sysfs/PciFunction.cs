using OvsOffload.Os;


namespace OvsOffload.Sysfs;

/// <summary>
/// One PCI function as sysfs shows it (Documentation/ABI/testing/sysfs-bus-pci). Each fact is absent where the kernel
/// has no such attribute for this function, and failed where it has one that could not be read.
/// </summary>
internal sealed record PciFunction
{
    public required PciAddress Address { get; init; }

    public required PciId Id { get; init; }

    /// <summary>24 bits: base class, subclass, programming interface. 0x02xxxx is a network controller, 0x0207xx
    /// InfiniBand.</summary>
    public required uint Class { get; init; }

    public Reading<PciId> SubsystemId { get; init; }

    /// <summary>Name of the bound driver; absent when none is bound.</summary>
    public Reading<string> Driver { get; init; }

    /// <summary>What <c>driver_override</c> asks for; absent when nothing (the kernel prints <c>(null)</c>).</summary>
    public Reading<string> DriverOverride { get; init; }

    /// <summary>The IOMMU group's number; absent without an IOMMU.</summary>
    public Reading<int> IommuGroup { get; init; }

    /// <summary>Absent when the firmware does not tell (the kernel prints -1).</summary>
    public Reading<int> NumaNode { get; init; }

    /// <summary>For a VF, its PF (<c>physfn</c>); absent for every other function.</summary>
    public Reading<PciAddress> PhysicalFunction { get; init; }

    /// <summary>Most VFs that the function may have, as firmware and driver allow; absent without an SR-IOV
    /// capability.</summary>
    public Reading<int> SriovTotalVfs { get; init; }

    /// <summary>VFs that are enabled now.</summary>
    public Reading<int> SriovNumVfs { get; init; }

    /// <summary>Whether the kernel binds a driver to a VF as soon as it appears.</summary>
    public Reading<bool> DriversAutoprobe { get; init; }

    /// <summary>Routing-ID distance from the PF to its first VF.</summary>
    public Reading<int> SriovOffset { get; init; }

    /// <summary>Routing-ID distance from one VF to the next.</summary>
    public Reading<int> SriovStride { get; init; }

    /// <summary>The <c>virtfnN</c> links in the order of N.</summary>
    public Reading<IReadOnlyList<VirtualFunctionLink>> VirtualFunctions { get; init; }

    /// <summary>Network devices on this function that the own network namespace sees, in ordinal order; on a PF in
    /// switchdev mode these are the uplink and all representors. Absent when there is none: no driver, a driver without
    /// network devices such as vfio-pci, or the devices lie in another namespace.</summary>
    public Reading<IReadOnlyList<string>> NetDevices { get; init; }

    /// <summary>The names under which user space would hold this function open: <c>/dev/vfio/12</c> (its IOMMU group;
    /// with it every other function of the group), <c>/dev/vfio/noiommu-12</c> and <c>/dev/vfio/devices/vfio0</c>.
    /// Names only: whether such a node exists depends on the bound driver.</summary>
    public Reading<IReadOnlyList<string>> VfioNodes { get; init; }

    /// <summary>Names of its RDMA devices, <c>mlx5_0</c>; absent when it has none.</summary>
    public Reading<IReadOnlyList<string>> RdmaDevices { get; init; }

    /// <summary>The nodes by which processes reach those, <c>/dev/infiniband/uverbs0</c>; absent when there is
    /// none.</summary>
    public Reading<IReadOnlyList<string>> VerbsNodes { get; init; }

    /// <summary>In the kernel's words: <c>16.0 GT/s PCIe</c>.</summary>
    public Reading<string> CurrentLinkSpeed { get; init; }

    /// <summary>In the kernel's words: <c>16.0 GT/s PCIe</c>.</summary>
    public Reading<string> MaxLinkSpeed { get; init; }

    /// <summary>PCIe lanes.</summary>
    public Reading<int> CurrentLinkWidth { get; init; }

    /// <summary>PCIe lanes.</summary>
    public Reading<int> MaxLinkWidth { get; init; }

    public bool IsVirtualFunction => PhysicalFunction.IsKnown;
}

/// <summary>VF <paramref name="Index"/> of a PF is the function at <paramref name="Address"/>.</summary>
internal readonly record struct VirtualFunctionLink(int Index, PciAddress Address);
