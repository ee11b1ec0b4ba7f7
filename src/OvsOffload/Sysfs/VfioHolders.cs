using OvsOffload.Os;

namespace OvsOffload.Sysfs;

/// <summary>A process that has a vfio device open: a running guest, or whatever else drives the device from user
/// space.</summary>
/// <param name="Pid">The process.</param>
/// <param name="Command">Its name.</param>
/// <param name="Node">The device node: <c>/dev/vfio/12</c> or <c>/dev/vfio/devices/vfio0</c>.</param>
internal sealed record VfioHolder(int Pid, string Command, string Node)
{
    public override string ToString() => $"{Command} (pid {Pid}) has {Node} open";
}

/// <summary>All vfio devices that are open, at one moment.</summary>
internal sealed class VfioUsage(IReadOnlyList<VfioHolder> holders, string? incomplete)
{
    public IReadOnlyList<VfioHolder> Holders { get; } = holders;

    /// <summary>Who holds a function, or another function of its IOMMU group. Known and empty only when it is certain
    /// that nobody does; failed when somebody might.</summary>
    public Reading<IReadOnlyList<VfioHolder>> Of(PciFunction function) => function.VfioNodes.Then(nodes =>
    {
        VfioHolder[] found = [.. Holders.Where(holder => nodes.Contains(holder.Node))];
        return found.Length == 0 && incomplete is not null
            ? Reading.Failed<IReadOnlyList<VfioHolder>>(incomplete)
            : Reading.Known<IReadOnlyList<VfioHolder>>(found);
    });
}

/// <summary>
/// Finds out who holds vfio devices open. The kernel does not ask when VFs are destroyed, so this is what stands
/// between a running guest and the loss of its NIC. Stateless; every call looks anew.
/// </summary>
internal sealed class VfioHolders(HostPaths paths)
{
    /// <summary>The container, which belongs to no device (VFIO group interface).</summary>
    private const string Container = "/dev/vfio/vfio";

    /// <summary>MISC_MAJOR and VFIO_MINOR, linux/major.h and linux/miscdevice.h.</summary>
    private static readonly (uint Major, uint Minor) ContainerDevice = (10, 196);

    /// <summary>The device's own descriptor (drivers/vfio/vfio_main.c); its link does not tell which device it
    /// is.</summary>
    private const string Anonymous = "anon_inode:[vfio-device]";

    private const string Folder = "/vfio/";

    private readonly DeviceNodes _nodes = new(paths, ("vfio", "/dev/vfio/"), ("vfio-dev", "/dev/vfio/devices/"));

    /// <summary>
    /// Whether a descriptor may be open for a device of vfio, by what its link says. A guest that libvirt started has a
    /// /dev of its own, and its links then say <c>/vfio/12</c>.
    /// </summary>
    public static bool IsCandidate(string target) =>
        target == Anonymous || (target.StartsWith('/') && target.Contains(Folder, StringComparison.Ordinal));

    /// <summary>Looks through all processes once.</summary>
    public VfioUsage Read()
    {
        OpenFilesResult found = new OpenFiles(paths).Find(IsCandidate);
        VfioHolder[] named = found.Files.Where(file => file.Target != Anonymous)
            .Select(file => NodeOf(file) is { } node ? new VfioHolder(file.Pid, file.Command, node) : null)
            .OfType<VfioHolder>().Distinct().ToArray();
        // A process may have been handed a device without its group, and then only it knows which one that is.
        OpenFile? stranger = found.Files.FirstOrDefault(
            file => file.Target == Anonymous && named.All(holder => holder.Pid != file.Pid));
        return new VfioUsage(named, found.Incomplete ?? (stranger is null
            ? null
            : $"{stranger.Command} (pid {stranger.Pid}) has an unidentified vfio device open"));
    }

    /// <summary>Who holds one function now.</summary>
    public Reading<IReadOnlyList<VfioHolder>> Of(PciFunction function) => Read().Of(function);

    private string? NodeOf(OpenFile file)
    {
        string? node = _nodes.NodeOf(
            file, target => "/dev" + target[target.LastIndexOf(Folder, StringComparison.Ordinal)..], ContainerDevice);
        return node == Container ? null : node;
    }
}
