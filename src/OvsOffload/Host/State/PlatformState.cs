using System.Collections.Immutable;
using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Platform;
using OvsOffload.Sysfs;

namespace OvsOffload.Host;

/// <summary>What stands around the NICs and Open vSwitch on this host: facts that only checks ask for.</summary>
internal sealed record PlatformState
{
    /// <summary>The distribution.</summary>
    public Reading<OsRelease> Distribution { get; init; }

    /// <summary>The arguments of the next boot. Absent: neither grub nor proxmox-boot-tool is in use.</summary>
    public Reading<BootArguments> BootArguments { get; init; }

    /// <summary>Options that modules are given when they are loaded.</summary>
    public Reading<IReadOnlyList<ModuleOption>> ModuleOptions { get; init; }

    /// <summary>Modules of tc that are at hand, <c>act_mirred</c> and so on.</summary>
    public Reading<IReadOnlySet<string>> TrafficControlModules { get; init; }

    /// <summary>Version of the loaded mlx5_core. Absent: it is the kernel's own, or not loaded.</summary>
    public Reading<string> Mlx5Version { get; init; }

    /// <summary>Whether debugfs is mounted.</summary>
    public Reading<bool> DebugFileSystem { get; init; }

    /// <summary>Devices that NetworkManager or systemd-networkd manages.</summary>
    public Reading<IReadOnlyList<ManagedDevice>> ManagedDevices { get; init; }

    /// <summary>Pools of VFs that libvirt was given.</summary>
    public Reading<IReadOnlyList<LibvirtPool>> LibvirtPools { get; init; }

    /// <summary>Devices that ifupdown is told of.</summary>
    public Reading<IReadOnlyList<InterfacesEntry>> Interfaces { get; init; }

    /// <summary>What other programs are told to do with PFs.</summary>
    public Reading<IReadOnlyList<FunctionSetting>> FunctionSettings { get; init; }

    /// <summary>What the profiles of tuned say that are in force. Absent: none is.</summary>
    public Reading<IReadOnlyList<TunedSetting>> Tuned { get; init; }

    /// <summary>The irqbalance that runs. Absent: none does.</summary>
    public Reading<Irqbalance> Irqbalance { get; init; }

    /// <summary>Who places interrupts by hand.</summary>
    public Reading<IReadOnlyList<AffinitySetting>> AffinitySettings { get; init; }

    /// <summary>The CPUs that isolcpus and nohz_full keep for somebody; empty for none.</summary>
    public Reading<ImmutableHashSet<int>> IsolatedCpus { get; init; }

    /// <summary>IPv4 neighbours.</summary>
    public Reading<IReadOnlyList<Neighbour>> Neighbours { get; init; }

    /// <summary>
    /// Seconds after which an idle TCP connection leaves the hardware (nf_flowtable_tcp_timeout). Absent: the kernel
    /// has no flow tables loaded.
    /// </summary>
    public Reading<int> FlowTableTimeout { get; init; }

    /// <summary>The CPUs of each NUMA node. Absent: the kernel knows no nodes.</summary>
    public Reading<ImmutableSortedDictionary<int, ImmutableHashSet<int>>> NumaNodes { get; init; }

    /// <summary>The CPUs that processes may use which hold VFs, by process.</summary>
    public ImmutableDictionary<int, Reading<ImmutableHashSet<int>>> HolderCpus { get; init; } =
        ImmutableDictionary<int, Reading<ImmutableHashSet<int>>>.Empty;

    /// <summary>IPsec's security associations that NICs handle. Absent: no PF of mlx5 is in switchdev mode, and nobody
    /// asked.</summary>
    public Reading<ImmutableArray<IpsecOffload>> IpsecOffloads { get; init; }

    /// <summary>The counters of all links since each is there, by its index.</summary>
    public Reading<IReadOnlyDictionary<int, LinkCounters>> Counters { get; init; }

    /// <summary>What is around each PF.</summary>
    public ImmutableDictionary<PciAddress, FunctionPlatform> Functions { get; init; } =
        ImmutableDictionary<PciAddress, FunctionPlatform>.Empty;
}

/// <summary>What is around one PF.</summary>
internal sealed record FunctionPlatform
{
    /// <summary>Its PCIe link.</summary>
    public Reading<PcieLink> Link { get; init; }

    /// <summary>The port's speed in Mbit/s. Absent: no link, or the driver does not tell.</summary>
    public Reading<int> PortSpeed { get; init; }

    /// <summary>Its interrupts. Absent: it has none of its own.</summary>
    public Reading<IReadOnlyList<Interrupt>> Interrupts { get; init; }

    /// <summary>devlink's <c>esw_port_metadata</c>, run-time value. Absent: the driver has no such parameter.</summary>
    public Reading<bool> PortMetadata { get; init; }

    /// <summary>devlink's <c>esw_multiport</c>, run-time value: whether the ports of the card forward to each other
    /// without a bond. Absent: neither NIC nor driver has it.</summary>
    public Reading<bool> Multiport { get; init; }

    /// <summary>The functions of which it is the first, where the card is socket-direct. Absent: it is not.</summary>
    public Reading<Mlx5SocketDirect> SocketDirect { get; init; }
}

/// <summary>A PCIe link in the kernel's words.</summary>
/// <param name="Speed">Now: <c>8.0 GT/s PCIe</c>.</param>
/// <param name="Width">Lanes now.</param>
/// <param name="MaxSpeed">What the card can do.</param>
/// <param name="MaxWidth">What the card can do.</param>
internal sealed record PcieLink(string Speed, int Width, string MaxSpeed, int MaxWidth);
