using System.Collections.Immutable;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.Nics;
using OvsOffload.Os;
using OvsOffload.Sysfs;

namespace OvsOffload.Host;

/// <summary>A PF of a network card: what it is, the state of its e-switch, and its VFs.</summary>
internal sealed record PhysicalFunction
{
    public required PciAddress Address { get; init; }

    /// <summary>What is known of this generation of NIC.</summary>
    public required NicModel Model { get; init; }

    /// <summary>The PCI driver bound to it, <c>mlx5_core</c> for example; null when none is.</summary>
    public string? Driver { get; init; }

    /// <summary>The NUMA node; null where the platform states none.</summary>
    public int? NumaNode { get; init; }

    /// <summary>
    /// The PF's own network device: the uplink in switchdev mode. Null while no driver gives one, and when it lies in
    /// another network namespace.
    /// </summary>
    public NetDevice? Uplink { get; init; }

    public required PortType PortType { get; init; }

    /// <summary>
    /// Who uses the PF's RDMA device, which a change of the e-switch's mode or of its bond removes. Absent: nobody.
    /// Failed: it cannot be told, so it counts as used.
    /// </summary>
    public required Reading<Holder> RdmaUser { get; init; }

    /// <summary>The most VFs that the firmware allows (<c>sriov_totalvfs</c>). Absent: no SR-IOV capability.</summary>
    public required Reading<int> VfLimit { get; init; }

    /// <summary>The VFs there are (<c>sriov_numvfs</c>).</summary>
    public required Reading<int> VfCount { get; init; }

    /// <summary>Whether new VFs get a driver at once (<c>sriov_drivers_autoprobe</c>).</summary>
    public required Reading<bool> DriversAutoprobe { get; init; }

    /// <summary>
    /// The e-switch. Absent: the driver has no e-switch to ask, which is not the same as legacy mode.
    /// </summary>
    public required Reading<Eswitch> Eswitch { get; init; }

    /// <summary>devlink's <c>flow_steering_mode</c>, run-time value: <c>smfs</c>, <c>dmfs</c> or <c>hmfs</c>.</summary>
    public required Reading<string> SteeringMode { get; init; }

    /// <summary>This program's udev rules for its representors and VFs; empty where there are none. Absent: no udev
    /// runs here.</summary>
    public Reading<string> NameRules { get; init; } = Reading.Absent<string>("was not read");

    /// <summary><c>phys_switch_id</c>, opaque hexadecimal text; shared by all PFs of one card.</summary>
    public string? SwitchId { get; init; }

    /// <summary>The devlink device of the chip (kernel 7.1 and later, mlx5): <c>devlink_index/1</c>.</summary>
    public DevlinkHandle? Chip { get; init; }

    /// <summary>Versions that devlink reports.</summary>
    public required Reading<Firmware> Firmware { get; init; }

    /// <summary>devlink health reporters.</summary>
    public required Reading<ImmutableArray<HealthReporter>> Health { get; init; }

    /// <summary>The VFs in order of their index.</summary>
    public required ImmutableArray<VirtualFunction> VirtualFunctions { get; init; }

    /// <summary>
    /// The number in the port names of this PF's representors (<c>pf0vf3</c>): 0, 1, ..; null where unknown.
    /// </summary>
    public int? PfNumber { get; init; }

    /// <summary>
    /// All representors of functions of this PF, those of sub-functions and of other controllers included.
    /// Absent: the e-switch has none to list.
    /// </summary>
    public required Reading<ImmutableArray<Representor>> Representors { get; init; }

    /// <summary>The mode; null where it could not be read or the driver has no e-switch.</summary>
    public EswitchMode? Mode => Eswitch.IsKnown ? Eswitch.Value.Mode : null;

    /// <summary>Whether its driver is the kernel's mlx5, or the vendor's of the same name.</summary>
    public bool IsMlx5 => Driver == DriverNames.Mlx5;

    /// <summary>
    /// Whether a reference of the configuration means it: its address, its device's name, or the address that the
    /// hardware came with.
    /// </summary>
    public bool Matches(PfReference reference) => reference.Kind switch
    {
        PfReferenceKind.PciAddress => Address.ToString() == reference.Value,
        PfReferenceKind.InterfaceName => Uplink?.HasName(reference.Value) ?? false,
        _ => (Uplink?.PermanentAddress ?? Uplink?.Address)?.ToString() == reference.Value,
    };

    /// <summary>What a configuration says of it, be it managed or only observed; null where it does not name
    /// it.</summary>
    public NicIntent? IntentIn(HostIntent intent) => intent.Nics.FirstOrDefault(nic => Matches(nic.Pf));

    /// <summary>
    /// Whether it is meant to offload: the configuration wants it in switchdev mode or, where it says nothing of the
    /// mode, it is.
    /// </summary>
    public bool OffloadExpected(NicIntent? intent) =>
        intent?.Mode is { } mode ? mode == NicMode.Switchdev : Mode == EswitchMode.Switchdev;

    /// <summary>
    /// Whether another PF is a port of the same card: by devlink's device of the chip, else by switch id, which mlx5
    /// makes of the card's GUID, else by serial number, else by the PCI slot.
    /// </summary>
    public bool IsOnSameCard(PhysicalFunction other) =>
        (Chip, other.Chip) is ({ } chip, { } theirs) ? chip == theirs
        : (SwitchId, other.SwitchId) is ({ } mine, { } its) ? mine == its
        : (Firmware.ValueOrDefault()?.Serial, other.Firmware.ValueOrDefault()?.Serial) is ({ } serial, { } second)
            ? serial == second
        : Address with { Function = 0 } == other.Address with { Function = 0 };

    /// <summary>The representors of VFs of this host; none where they could not be read.</summary>
    public IEnumerable<Representor> VfRepresentors =>
        Representors.ValueOr([]).Where(representor => representor.IsLocalVf);

    /// <summary>Finds the representor of a VF of this host.</summary>
    public Representor? RepresentorOf(int vf) =>
        VfRepresentors.FirstOrDefault(representor => representor.VfIndex == vf);

    /// <inheritdoc/>
    public override string ToString() => Address.ToString();
}

/// <summary>What devlink says of an e-switch; an attribute that the driver does not have is null.</summary>
/// <param name="Mode">The mode; null where only other attributes are known.</param>
/// <param name="InlineMode">How much of a packet's headers the VF's driver must put into the descriptor.</param>
/// <param name="EncapMode">Whether tunnels may be offloaded.</param>
internal sealed record Eswitch(EswitchMode? Mode, EswitchInlineMode? InlineMode, EswitchEncapMode? EncapMode);

/// <summary>What a PF's port speaks.</summary>
internal enum PortType
{
    Unknown,
    Ethernet,
    Infiniband,
}

/// <summary>Versions of a card: <c>devlink dev info</c>.</summary>
/// <param name="Running">The firmware that runs, <c>fw.version</c>, else <c>fw</c>.</param>
/// <param name="Stored">The firmware in flash, in force after the next reset; null where not reported.</param>
/// <param name="Psid">The board, <c>fw.psid</c>.</param>
/// <param name="Serial">The card's serial number.</param>
internal sealed record Firmware(string? Running, string? Stored, string? Psid, string? Serial);

/// <summary>A devlink health reporter (<c>devlink health show</c>) of the device or of one of its ports.</summary>
/// <param name="Name">tx, rx, fw, fw_fatal, vnic, ..</param>
/// <param name="Healthy">Its state.</param>
/// <param name="Errors">Errors since the driver was loaded.</param>
/// <param name="Recoveries">Recoveries since the driver was loaded.</param>
/// <param name="CanRecover">Whether the driver has a way to recover it, which mlx5 has for fw_fatal and not for
/// fw.</param>
internal sealed record HealthReporter(
    string Name, bool Healthy, long Errors, long Recoveries, bool CanRecover = true);
