using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Os;

namespace OvsOffload.Page;

/// <summary>A host as the page draws it: names, words and how they hang together. Immutable.</summary>
internal sealed record HostPicture
{
    /// <summary>When the host was read.</summary>
    public required DateTimeOffset ReadAt { get; init; }

    /// <inheritdoc cref="HostState.ReadTimestamp"/>
    public required long ReadTimestamp { get; init; }

    /// <summary>The host's name.</summary>
    public required string Name { get; init; }

    /// <summary>The cards; absent without one, failed where they could not be listed.</summary>
    public required Reading<ImmutableArray<CardPicture>> Cards { get; init; }

    /// <summary>The bonds; failed where they could not be read.</summary>
    public required Reading<ImmutableArray<BondPicture>> Bonds { get; init; }

    /// <summary>The bridges of Open vSwitch; absent without it, failed where its database could not be read.</summary>
    public required Reading<ImmutableArray<BridgePicture>> Bridges { get; init; }

    /// <summary>One sentence on Open vSwitch and its hw-offload.</summary>
    public required string Switch { get; init; }

    /// <summary>What could not be read, each with why.</summary>
    public ImmutableArray<string> Unreadable { get; init; } = [];
}

/// <summary>A card with one PF for each of its ports.</summary>
internal sealed record CardPicture(string Model, ImmutableArray<PfPicture> Pfs);

/// <summary>A PF and its e-switch.</summary>
internal sealed record PfPicture
{
    /// <summary>The PCI address.</summary>
    public required string Address { get; init; }

    /// <summary>Its uplink's device; null while there is none in this network namespace.</summary>
    public DevicePicture? Uplink { get; init; }

    public string? Driver { get; init; }

    /// <summary>The firmware that runs; null where the driver tells none.</summary>
    public string? Firmware { get; init; }

    /// <summary>The mode's word; null where it could not be read.</summary>
    public string? Mode { get; init; }

    /// <summary>Its VFs: absent without SR-IOV.</summary>
    public required Reading<int> Vfs { get; init; }

    /// <summary>The most VFs that it can have.</summary>
    public required Reading<int> VfLimit { get; init; }

    /// <summary>How many the configuration asks for; null where it does not say.</summary>
    public int? VfsDesired { get; init; }

    /// <summary>VFs, sub-functions and functions of other hosts.</summary>
    public required ImmutableArray<FunctionPicture> Functions { get; init; }

    /// <summary>The bond that the uplink is a member of.</summary>
    public string? Bond { get; init; }

    /// <summary>The bridge that the uplink itself is a port of.</summary>
    public string? Bridge { get; init; }
}

/// <summary>A function, who holds it, and its representor.</summary>
/// <param name="Name"><c>vf3</c>, <c>sf88</c>; with the controller where it belongs to another host.</param>
/// <param name="Index">The VF's index; null for other functions.</param>
/// <param name="Address">The PCI address; null where it has none on this host.</param>
/// <param name="Driver">The driver bound to it.</param>
/// <param name="Holder">How it is held.</param>
/// <param name="HolderText">By whom, or why that cannot be told; empty where nobody does.</param>
/// <param name="Representor">Its representor. Absent: it has none. Failed: that could not be read.</param>
/// <param name="Bridge">The bridge that the representor is a port of.</param>
internal sealed record FunctionPicture(
    string Name,
    int? Index,
    string? Address,
    string? Driver,
    FunctionHolder Holder,
    string HolderText,
    Reading<DevicePicture> Representor,
    string? Bridge);

/// <summary>A network device.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Up">Whether it is administratively up.</param>
/// <param name="Carrier">Whether it has a carrier.</param>
internal sealed record DevicePicture(string Name, bool Up, bool Carrier)
{
    /// <summary>Its state in words.</summary>
    public string State => Up ? Carrier ? "up" : "no carrier" : "down";
}

/// <summary>How a function is held.</summary>
internal enum FunctionHolder
{
    /// <summary>It could not be told. The default, so that nobody takes it for free.</summary>
    Unknown = 0,

    /// <summary>By nobody.</summary>
    Free,

    /// <summary>By a process that has its vfio device open.</summary>
    Guest,

    /// <summary>Its device is in another network namespace.</summary>
    Container,

    /// <summary>An agent gave it to somebody (<c>iface-id</c>).</summary>
    Claim,

    /// <summary>By this host.</summary>
    Host,

    /// <summary>It belongs to another host (SmartNIC), or is no VF: this host does not know.</summary>
    Elsewhere,
}

/// <summary>A bond of the kernel.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Mode">The mode's word; null where the kernel does not tell.</param>
/// <param name="Members">Names of its members.</param>
/// <param name="Active">How many carry traffic.</param>
/// <param name="VfLag"><c>active</c>, <c>inactive</c> or <c>unknown</c>.</param>
/// <param name="VfLagText">What shows it, or why not.</param>
/// <param name="Bridge">The bridge that it is a port of.</param>
internal sealed record BondPicture(
    string Name, string? Mode, ImmutableArray<string> Members, int Active, string VfLag, string VfLagText,
    string? Bridge);

/// <summary>A bridge of Open vSwitch.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Datapath">The datapath's type.</param>
/// <param name="Ports">Its ports, without its own internal one.</param>
internal sealed record BridgePicture(string Name, string Datapath, int Ports);
