using System.Globalization;
using OvsOffload.Os;

namespace OvsOffload.Sysfs;

/// <summary>Reads PCI functions from <c>/sys/bus/pci/devices</c>. Stateless; every call reads anew.</summary>
internal sealed class PciFunctions(HostPaths paths)
{
    private const string VirtualFunctionPrefix = "virtfn", CountFile = "sriov_numvfs", LimitFile = "sriov_totalvfs";

    private string Devices => Path.Combine(paths.Sys, "bus/pci/devices");

    /// <summary>The directory of one function.</summary>
    public string DirectoryOf(PciAddress address) => Path.Combine(Devices, address.ToString());

    /// <summary>
    /// All network controllers, ordered by address, and whatever else <paramref name="alsoInclude"/> names: a card in
    /// flash recovery need not call itself a network controller. Absent when the host has no PCI bus. A function that
    /// goes away meanwhile is left out.
    /// </summary>
    public Reading<IReadOnlyList<PciFunction>> Read(Func<PciId, bool>? alsoInclude = null) =>
        paths.Files.Names(Devices).Then(names =>
        {
            var functions = new List<PciFunction>();
            foreach (string name in names)
            {
                if (!PciAddress.TryParse(name, out PciAddress address))
                {
                    return Reading.Failed<IReadOnlyList<PciFunction>>($"{Devices}: '{name}' is not a PCI address");
                }
                Reading<(PciId Id, uint Class)> identity = Identity(DirectoryOf(address));
                if (identity.IsFailed)
                {
                    return Reading.Failed<IReadOnlyList<PciFunction>>(identity.Why);
                }
                if (identity.TryGet(out (PciId Id, uint Class) known)
                    && (known.Class >> 16 == 0x02 || alsoInclude?.Invoke(known.Id) == true))
                {
                    functions.Add(Facts(address, known.Id, known.Class));
                }
            }
            functions.Sort((left, right) => left.Address.CompareTo(right.Address));
            return Reading.Known<IReadOnlyList<PciFunction>>(functions);
        });

    /// <summary>One function; absent when there is none at this address.</summary>
    public Reading<PciFunction> Read(PciAddress address) =>
        Identity(DirectoryOf(address)).Map(known => Facts(address, known.Id, known.Class));

    /// <summary>Whether there is a function at this address; failed where that cannot be told.</summary>
    public Reading<bool> IsThere(PciAddress address) =>
        paths.Files.Hex<ushort>(Path.Combine(DirectoryOf(address), "vendor"))
            .Match(_ => Reading.Known(true), _ => Reading.Known(false), Reading.Failed<bool>);

    /// <summary>The driver bound to it; absent for none.</summary>
    public Reading<string> ReadDriver(PciAddress address) =>
        paths.Files.LinkName(Path.Combine(DirectoryOf(address), "driver"));

    /// <summary>The counts of VFs alone.</summary>
    public VfCounts ReadVfCounts(PciAddress address) => new(
        paths.Files.Number<int>(Path.Combine(DirectoryOf(address), CountFile)),
        paths.Files.Number<int>(Path.Combine(DirectoryOf(address), LimitFile)));

    private Reading<(PciId Id, uint Class)> Identity(string directory) =>
        Id(directory, "vendor", "device").Then(id =>
            paths.Files.Hex<uint>(Path.Combine(directory, "class")).Map(number => (id, number)));

    private Reading<PciId> Id(string directory, string vendorFile, string deviceFile) =>
        paths.Files.Hex<ushort>(Path.Combine(directory, vendorFile)).Then(vendor =>
            paths.Files.Hex<ushort>(Path.Combine(directory, deviceFile)).Map(device => new PciId(vendor, device)));

    private PciFunction Facts(PciAddress address, PciId id, uint classCode)
    {
        string directory = DirectoryOf(address);
        string At(string name) => Path.Combine(directory, name);
        Reading<PciAddress> physical =
            paths.Files.LinkName(At("physfn")).Then(name => Address(At("physfn"), name));
        Reading<int> group = paths.Files.LinkName(At("iommu_group")).Then(name => Number(At("iommu_group"), name));
        return new PciFunction
        {
            Address = address,
            Id = id,
            Class = classCode,
            SubsystemId = Id(directory, "subsystem_vendor", "subsystem_device"),
            Driver = paths.Files.LinkName(At("driver")),
            DriverOverride = paths.Files.Text(At("driver_override")).Then(text => text is "(null)" or ""
                ? Reading.Absent<string>("no driver_override is set")
                : Reading.Known(text)),
            IommuGroup = group,
            NumaNode = paths.Files.Number<int>(At("numa_node")).Then(node => node < 0
                ? Reading.Absent<int>("the firmware reports no NUMA node")
                : Reading.Known(node)),
            PhysicalFunction = physical,
            SriovTotalVfs = paths.Files.Number<int>(At(LimitFile)),
            SriovNumVfs = paths.Files.Number<int>(At(CountFile)),
            DriversAutoprobe = paths.Files.Flag(At("sriov_drivers_autoprobe")),
            SriovOffset = paths.Files.Number<int>(At("sriov_offset")),
            SriovStride = paths.Files.Number<int>(At("sriov_stride")),
            // A VF has none (PCI Express, SR-IOV), and a host may have hundreds of them.
            VirtualFunctions = physical.IsKnown
                ? Reading.Known<IReadOnlyList<VirtualFunctionLink>>([])
                : VirtualFunctions(directory),
            NetDevices = paths.Files.Names(At("net")),
            VfioNodes = VfioNodes(directory, group),
            RdmaDevices = paths.Files.Names(At("infiniband")),
            VerbsNodes = paths.Files.Names(At("infiniband_verbs")).Map<IReadOnlyList<string>>(
                names => [.. names.Select(name => $"/dev/infiniband/{name}")]),
            CurrentLinkSpeed = paths.Files.Text(At("current_link_speed")),
            MaxLinkSpeed = paths.Files.Text(At("max_link_speed")),
            CurrentLinkWidth = paths.Files.Number<int>(At("current_link_width")),
            MaxLinkWidth = paths.Files.Number<int>(At("max_link_width")),
        };
    }

    /// <summary>virtfn10 comes after virtfn9, and the links' order is not that of the addresses.</summary>
    private Reading<IReadOnlyList<VirtualFunctionLink>> VirtualFunctions(string directory) =>
        paths.Files.Names(directory).Then(names =>
        {
            var links = new List<VirtualFunctionLink>();
            foreach (string? name in names.Where(
                name => name.StartsWith(VirtualFunctionPrefix, StringComparison.Ordinal)))
            {
                string path = Path.Combine(directory, name);
                Reading<VirtualFunctionLink> link = Number(path, name[VirtualFunctionPrefix.Length..]).Then(index =>
                    paths.Files.LinkName(path).Then(target => Address(path, target))
                        .Map(address => new VirtualFunctionLink(index, address)));
                if (link.IsFailed)
                {
                    return Reading.Failed<IReadOnlyList<VirtualFunctionLink>>(link.Why);
                }
                if (link.TryGet(out VirtualFunctionLink known))
                {
                    links.Add(known);
                }
            }
            links.Sort((left, right) => left.Index.CompareTo(right.Index));
            return Reading.Known<IReadOnlyList<VirtualFunctionLink>>(links);
        });

    /// <summary>
    /// The group's node exists while any function of the group is bound to vfio (drivers/vfio/group.c); without an
    /// IOMMU it is called noiommu-N. The function's own node is named in <c>vfio-dev/</c> (kernel 6.1 and later).
    /// </summary>
    private Reading<IReadOnlyList<string>> VfioNodes(string directory, Reading<int> group)
    {
        Reading<IReadOnlyList<string>> own = paths.Files.Names(Path.Combine(directory, "vfio-dev"));
        if (own.IsFailed || group.IsFailed)
        {
            return Reading.Failed<IReadOnlyList<string>>(own.IsFailed ? own.Why : group.Why);
        }
        var nodes = new List<string>();
        if (group.TryGet(out int number))
        {
            nodes.Add($"/dev/vfio/{number}");
            nodes.Add($"/dev/vfio/noiommu-{number}");
        }
        nodes.AddRange(own.ValueOr([]).Select(name => $"/dev/vfio/devices/{name}"));
        return Reading.Known<IReadOnlyList<string>>(nodes);
    }

    private static Reading<int> Number(string path, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? Reading.Known(number)
            : Reading.Failed<int>($"{path}: '{text}' is not a number");

    private static Reading<PciAddress> Address(string path, string text) =>
        PciAddress.TryParse(text, out PciAddress address)
        ? Reading.Known(address)
        : Reading.Failed<PciAddress>($"{path}: '{text}' is not a PCI address");
}

/// <summary>How many VFs a PF has. Absent: it has no SR-IOV capability.</summary>
/// <param name="Now">The VFs there are (<c>sriov_numvfs</c>).</param>
/// <param name="Limit">The most that there may be (<c>sriov_totalvfs</c>).</param>
internal readonly record struct VfCounts(Reading<int> Now, Reading<int> Limit);
