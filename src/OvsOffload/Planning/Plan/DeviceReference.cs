using OvsOffload.Sysfs;

namespace OvsOffload.Planning;

/// <summary>
/// A network device as a plan names it: by what it is, not by its interface name. Representors come late and are
/// renamed, so the name is looked up (switch id and port name, through devlink) at the moment of use.
/// </summary>
internal abstract record DeviceReference;

/// <summary>The uplink of a PF.</summary>
internal sealed record UplinkOf(PciAddress Pf) : DeviceReference
{
    /// <inheritdoc/>
    public override string ToString() => $"{Pf} uplink";
}

/// <summary>The representor of a VF.</summary>
internal sealed record RepresentorOf(PciAddress Pf, int Vf) : DeviceReference
{
    /// <inheritdoc/>
    public override string ToString() => $"{Pf} vf{Vf} representor";
}

/// <summary>The local port of an Open vSwitch bridge: the internal device that has the bridge's name.</summary>
internal sealed record LocalPortOf(string Bridge) : DeviceReference
{
    /// <inheritdoc/>
    public override string ToString() => Bridge;
}

/// <summary>A device that has no other mark than its name: a bond.</summary>
internal sealed record DeviceNamed(string Name) : DeviceReference
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}
