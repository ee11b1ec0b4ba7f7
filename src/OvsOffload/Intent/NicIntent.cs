using System.Net.NetworkInformation;

namespace OvsOffload.Intent;

/// <summary>
/// What the operator wants of one PF. A value that is null, or <c>Keep</c>, is left as the host has it.
/// </summary>
internal sealed record NicIntent
{
    /// <summary>Key <c>pf</c>, required.</summary>
    public required PfReference Pf { get; init; }

    /// <summary>Key <c>managed</c>.</summary>
    public Management Managed { get; init; } = Management.Full;

    /// <summary>Key <c>mode</c>, the mode of the e-switch; null leaves it as it is.</summary>
    public NicMode? Mode { get; init; }

    /// <summary>Key <c>vfs</c>, the number of VFs, 0 to 65535; null leaves the VFs that are there.</summary>
    public int? Vfs { get; init; }

    /// <summary>Key <c>vf-macs</c>.</summary>
    public VfMacSource VfMacs { get; init; } = VfMacSource.Keep;

    /// <summary>
    /// The addresses of <see cref="VfMacSource.List"/>, that of VF 0 first and as many as <see cref="Vfs"/>; otherwise
    /// empty.
    /// </summary>
    public IReadOnlyList<PhysicalAddress> VfMacList { get; init; } = [];

    /// <summary>Key <c>vf-driver</c>.</summary>
    public VfDriver VfDriver { get; init; } = VfDriver.Auto;

    /// <summary>Key <c>steering</c>.</summary>
    public SteeringChoice Steering { get; init; } = SteeringChoice.Keep;

    /// <summary>Key <c>encap</c>.</summary>
    public EncapChoice Encap { get; init; } = EncapChoice.Keep;

    /// <summary>
    /// Key <c>mtu</c> in bytes, 68 to 65535, of the PF and of the representors of its VFs; null leaves them as they
    /// are. A member of a bond has none of its own.
    /// </summary>
    public int? Mtu { get; init; }

    /// <summary>Where each key stands.</summary>
    public SourceMap Source { get; init; } = SourceMap.Defaults;
}

/// <summary>The wanted mode of a PF's e-switch (<c>DEVLINK_ESWITCH_MODE_*</c> in linux/devlink.h).</summary>
internal enum NicMode
{
    /// <summary>The e-switch forwards by MAC address and VLAN; there are no representors.</summary>
    Legacy,

    /// <summary>Every VF has a representor, and the e-switch carries offloaded flows.</summary>
    Switchdev,
}

/// <summary>
/// Where the VFs' MAC addresses come from; they are set before a VF is handed out, and never on a held one.
/// </summary>
internal enum VfMacSource
{
    /// <summary>The addresses stay as driver, firmware or another agent set them. The default.</summary>
    Keep,

    /// <summary>Computed from the PF's permanent MAC address and the VF's index: the same after every boot.</summary>
    Stable,

    /// <summary>New locally administered addresses whenever the VFs are made.</summary>
    Random,

    /// <summary>Those of <see cref="NicIntent.VfMacList"/>.</summary>
    List,
}

/// <summary>The flow steering mode of an mlx5 PF (devlink parameter <c>flow_steering_mode</c>).</summary>
internal enum SteeringChoice
{
    /// <summary>As the driver has it. The default.</summary>
    Keep,

    /// <summary>Software managed: the driver writes the rules into the NIC's memory, many times faster.</summary>
    Smfs,

    /// <summary>Device managed: the firmware writes the rules.</summary>
    Dmfs,
}

/// <summary>Whether the e-switch may encapsulate (<c>DEVLINK_ESWITCH_ENCAP_MODE_*</c> in linux/devlink.h).</summary>
internal enum EncapChoice
{
    /// <summary>As the driver has it. The default.</summary>
    Keep,

    /// <summary>No tunnels in hardware.</summary>
    None,

    /// <summary>Tunnels such as VXLAN and Geneve in hardware.</summary>
    Basic,
}
