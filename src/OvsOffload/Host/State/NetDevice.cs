using System.Collections.Immutable;
using System.Net;
using OvsOffload.Netlink;
using OvsOffload.Os;

namespace OvsOffload.Host;

/// <summary>A network device of this network namespace.</summary>
internal sealed record NetDevice
{
    public required int Index { get; init; }

    public required string Name { get; init; }

    public ImmutableArray<string> AltNames { get; init; } = [];

    /// <summary>IFLA_INFO_KIND: bond, vlan, openvswitch, ..; null for hardware.</summary>
    public string? Kind { get; init; }

    /// <summary>Administratively up (IFF_UP).</summary>
    public bool Up { get; init; }

    /// <summary>Carrier (IFF_LOWER_UP).</summary>
    public bool Carrier { get; init; }

    /// <summary>The MTU in bytes.</summary>
    public int Mtu { get; init; }

    /// <summary>The least MTU in bytes that its driver accepts; null where the kernel knows no limit.</summary>
    public int? MinMtu { get; init; }

    /// <summary>The most, likewise.</summary>
    public int? MaxMtu { get; init; }

    public HardwareAddress? Address { get; init; }

    /// <summary>The address that the hardware came with, where the driver tells.</summary>
    public HardwareAddress? PermanentAddress { get; init; }

    /// <summary>Interface index of the bond, bridge or datapath that it is a port of.</summary>
    public int? Master { get; init; }

    /// <summary>Interface index of the device below it (a VLAN's parent), when that lies in this namespace.</summary>
    public int? Lower { get; init; }

    /// <summary>For a VLAN device its tag; null for all others.</summary>
    public VlanTag? Vlan { get; init; }

    /// <summary>ARPHRD_*: 1 Ethernet, 32 InfiniBand.</summary>
    public int HardwareType { get; init; }

    public string? PhysSwitchId { get; init; }

    public string? PhysPortName { get; init; }

    /// <summary>Name of the parent device on its bus: a PCI address for PFs and VFs.</summary>
    public string? ParentDevice { get; init; }

    /// <summary>The tc offload feature. Absent: the device does not have the feature at all.</summary>
    public Reading<OffloadFeature> HwTcOffload { get; init; }

    /// <summary>
    /// IP addresses with their prefix lengths; without those that the kernel makes by itself: link-local IPv6 ones, and
    /// those of routers' advertisements.
    /// </summary>
    public ImmutableArray<IPNetworkAddress> Addresses { get; init; } = [];

    /// <summary>The addresses that the kernel made of routers' advertisements.</summary>
    public ImmutableArray<IPNetworkAddress> RouterAddresses { get; init; } = [];

    /// <summary>All addresses on which it answers, whoever made them; without link-local IPv6 ones.</summary>
    public IEnumerable<IPNetworkAddress> AllAddresses => Addresses.Concat(RouterAddresses);

    /// <summary>Those of the addresses that end by themselves, as a lease does.</summary>
    public ImmutableArray<AddressLease> Leases { get; init; } = [];

    /// <summary>Whether it is called so, by its name or by an alternative name.</summary>
    public bool HasName(string name) => Name == name || AltNames.Contains(name);

    /// <summary>Whether it is called so by one of many names.</summary>
    public bool IsAmong(ImmutableHashSet<string> names) => names.Contains(Name) || AltNames.Any(names.Contains);
}

/// <summary>An address on a device: <c>192.0.2.7/24</c>.</summary>
internal sealed record IPNetworkAddress(IPAddress Address, int PrefixLength)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Address}/{PrefixLength}";
}

/// <summary>An address with a finite lifetime.</summary>
/// <param name="Address">The address.</param>
/// <param name="ValidFor">How long it is valid yet, if nobody renews it.</param>
internal sealed record AddressLease(IPNetworkAddress Address, TimeSpan ValidFor);

/// <summary>A netdev feature as <c>ethtool -k</c> shows it.</summary>
/// <param name="On">Whether it is in force.</param>
/// <param name="Fixed">Whether the driver lets nobody change it: <c>[fixed]</c>.</param>
internal sealed record OffloadFeature(bool On, bool Fixed);

/// <summary>A representor: the host's end of a function of a switchdev NIC.</summary>
internal sealed record Representor
{
    /// <summary>The function: <c>vf3</c>, <c>sf88</c>, <c>pf0</c>.</summary>
    public required string Function { get; init; }

    /// <summary>The VF's index; null for other functions.</summary>
    public int? VfIndex { get; init; }

    /// <summary>Number of the controller for functions of other hosts (SmartNICs); null for this host's.</summary>
    public int? Controller { get; init; }

    /// <summary>Whether the function belongs to another host (SmartNIC).</summary>
    public bool External { get; init; }

    /// <summary>Whether it is that of a VF of this host.</summary>
    public bool IsLocalVf => VfIndex is not null && !External;

    /// <summary>Index of the devlink port; opaque.</summary>
    public required uint PortIndex { get; init; }

    /// <summary>Its device; null while it has none in this network namespace.</summary>
    public NetDevice? Device { get; init; }
}

/// <summary>A device that this host is reached through.</summary>
/// <param name="Device">Name of the device at the bottom: a PF's, not the bond's or VLAN's above it.</param>
/// <param name="Why">For people: <c>carries the default route via 192.0.2.1</c>.</param>
internal sealed record ProtectedDevice(string Device, string Why);
