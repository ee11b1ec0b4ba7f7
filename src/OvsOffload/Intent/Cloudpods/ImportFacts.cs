using System.Collections.Immutable;

namespace OvsOffload.Intent.Cloudpods;

/// <summary>What an import has to know of the host that the files are for.</summary>
/// <param name="Devices">Its network devices.</param>
/// <param name="KernelTracks">Whether its kernel can offload conntrack; null where nobody knows.</param>
internal sealed record ImportFacts(ImmutableArray<ImportDevice> Devices, bool? KernelTracks)
{
    /// <summary>A device by its name or an alternative name.</summary>
    public ImportDevice? Find(string name) =>
        Devices.FirstOrDefault(device => device.Name == name || device.AltNames.Contains(name));
}

/// <summary>A network device.</summary>
internal sealed record ImportDevice
{
    public required string Name { get; init; }

    public ImmutableArray<string> AltNames { get; init; } = [];

    public required ImportDeviceKind Kind { get; init; }

    /// <summary>A PF's PCI address; null for others.</summary>
    public string? Address { get; init; }

    /// <summary>A PF's model, for people: <c>ConnectX-5</c>.</summary>
    public string? Model { get; init; }

    /// <summary>The most VFs that a PF's firmware allows; null where unknown.</summary>
    public int? VfLimit { get; init; }

    /// <summary>Whether a PF speaks InfiniBand.</summary>
    public bool IsInfiniband { get; init; }

    /// <summary>Whether a PF has a switchdev mode.</summary>
    public bool CanSwitchdev { get; init; }

    /// <summary>Whether a PF is of a generation for which security groups are switched off.</summary>
    public bool LacksConntrack { get; init; }

    /// <summary>Its IP addresses.</summary>
    public ImmutableArray<InterfaceAddress> Addresses { get; init; } = [];

    /// <summary>A bond's mode in the kernel's word; null for others.</summary>
    public string? BondMode { get; init; }

    /// <summary>The bond profile of this program that comes nearest to a bond's options; null where its mode has
    /// none.</summary>
    public string? BondProfile { get; init; }

    /// <summary>The names of a bond's members.</summary>
    public ImmutableArray<string> Members { get; init; } = [];

    /// <summary>The name of the device below a VLAN device; null for others.</summary>
    public string? Parent { get; init; }
}

/// <summary>What a device is.</summary>
internal enum ImportDeviceKind
{
    Other,
    PhysicalFunction,
    Bond,
    Vlan,
}
