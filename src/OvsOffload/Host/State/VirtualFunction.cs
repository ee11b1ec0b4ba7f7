using System.Collections.Immutable;
using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Sysfs;

namespace OvsOffload.Host;

/// <summary>A VF of a PF, who has it, and how the PF is told to treat it.</summary>
internal sealed record VirtualFunction
{
    /// <summary>The index, from 0: <c>virtfn0</c>, <c>vf 0</c>.</summary>
    public required int Index { get; init; }

    public required PciAddress Address { get; init; }

    /// <summary>The driver bound to it: <c>mlx5_core</c>, <c>vfio-pci</c>, ..; null when none is.</summary>
    public string? Driver { get; init; }

    /// <summary>The text of <c>driver_override</c>; null when it is not set.</summary>
    public string? DriverOverride { get; init; }

    /// <summary>Names of its network devices that lie in this network namespace.</summary>
    public ImmutableArray<string> Devices { get; init; } = [];

    /// <summary>What the PF was told about it (<c>ip link show</c>, the vf lines).</summary>
    public required Reading<LinkVf> Settings { get; init; }

    /// <summary>The administrative MAC address; null when it was never set or could not be read.</summary>
    public HardwareAddress? Mac => Settings.IsKnown && !Settings.Value.Address.IsZero ? Settings.Value.Address : null;

    /// <summary>Who holds it. Absent: nobody. Failed: it cannot be told, so it counts as held.</summary>
    public required Reading<Holder> Holder { get; init; }

    /// <summary>Whether nothing may be done to it: it is held, or nobody can tell.</summary>
    public bool IsHeld => !Holder.IsAbsent;
}

/// <summary>Who holds a VF.</summary>
/// <param name="Kind">How it is held.</param>
/// <param name="Description">
/// For people: <c>qemu-system-x86 (pid 4242) has /dev/vfio/17 open</c>, <c>network namespace n1 has enp1s0f0v0</c>.
/// </param>
internal sealed record Holder(HolderKind Kind, string Description)
{
    /// <summary>The processes that hold it, as far as they are known: with its vfio device or RDMA.</summary>
    public ImmutableArray<int> Processes { get; init; } = [];
}

/// <summary>How a VF is held.</summary>
internal enum HolderKind
{
    /// <summary>A process has its vfio device open: a running guest.</summary>
    Vfio,

    /// <summary>Its network device lies in another network namespace.</summary>
    NetworkNamespace,

    /// <summary>
    /// Its representor is a port of Open vSwitch with an <c>iface-id</c>: an agent gave it to a guest.
    /// </summary>
    Claim,

    /// <summary>The host itself uses its network device: it has an address or an upper device.</summary>
    Host,

    /// <summary>A process or the kernel's storage uses its RDMA device.</summary>
    Rdma,
}
