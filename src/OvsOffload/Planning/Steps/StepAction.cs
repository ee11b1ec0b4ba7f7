using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.Sysfs;

namespace OvsOffload.Planning;

/// <summary>
/// What a step does: plain data with the value before and the value wanted, so that its inverse is known before it is
/// run. The executor carries out each as it stands and chooses nothing.
/// </summary>
internal abstract record StepAction
{
    /// <summary>The kind in the plan's JSON and journal: one lower-case word with hyphens.</summary>
    public abstract string Kind { get; }

    /// <summary>The object it changes: a PCI address, a VF, a device, a key.</summary>
    public abstract string Object { get; }

    /// <summary>What it does, for people.</summary>
    public abstract string Summary { get; }
}

/// <summary>Creates all VFs of a PF, or takes all away; the kernel knows nothing in between.</summary>
/// <param name="Pf">The PF.</param>
/// <param name="From">VFs before.</param>
/// <param name="To">VFs wanted; one of both is 0.</param>
/// <param name="Before">The VFs that are lost, so that they can be made again as they were.</param>
internal sealed record SetVfCount(PciAddress Pf, int From, int To, ImmutableArray<VirtualFunction> Before) : StepAction
{
    /// <summary>sriov_drivers_autoprobe before the step, so that it is left so when lost VFs are made again.</summary>
    public bool Autoprobe { get; init; } = true;

    /// <summary>How many VFs are made again later in the same plan; null where none are.</summary>
    public int? Again { get; init; }

    /// <summary>The drivers that the new VFs get later in the same plan; until then they have none.</summary>
    public ImmutableArray<VfBinding> Bindings { get; init; } = [];

    public override string Kind => "vf-count";
    public override string Object => Pf.ToString();
    public override string Summary => $"sriov_numvfs of {Pf}: {From} -> {To}";
}

/// <summary>Sets whether new VFs get a driver at once.</summary>
internal sealed record SetDriversAutoprobe(PciAddress Pf, bool From, bool To) : StepAction
{
    public override string Kind => "drivers-autoprobe";
    public override string Object => Pf.ToString();
    public override string Summary => $"sriov_drivers_autoprobe of {Pf}: {(From ? 1 : 0)} -> {(To ? 1 : 0)}";
}

/// <summary>Sets devlink's flow_steering_mode at run time.</summary>
internal sealed record SetSteeringMode(PciAddress Pf, string From, string To) : StepAction
{
    public override string Kind => "steering-mode";
    public override string Object => Pf.ToString();
    public override string Summary => $"flow_steering_mode of {Pf}: {From} -> {To}";
}

/// <summary>Changes the e-switch's mode.</summary>
internal sealed record SetEswitchMode(PciAddress Pf, EswitchMode From, EswitchMode To) : StepAction
{
    public override string Kind => "eswitch-mode";
    public override string Object => Pf.ToString();
    public override string Summary => $"e-switch mode of {Pf}: {From.ToWord()} -> {To.ToWord()}";
}

/// <summary>Changes the e-switch's inline mode.</summary>
internal sealed record SetInlineMode(PciAddress Pf, EswitchInlineMode From, EswitchInlineMode To) : StepAction
{
    public override string Kind => "inline-mode";
    public override string Object => Pf.ToString();
    public override string Summary => $"inline mode of {Pf}: {From.ToWord()} -> {To.ToWord()}";
}

/// <summary>Changes the e-switch's encap mode.</summary>
internal sealed record SetEncapMode(PciAddress Pf, EswitchEncapMode From, EswitchEncapMode To) : StepAction
{
    public override string Kind => "encap-mode";
    public override string Object => Pf.ToString();
    public override string Summary => $"encap mode of {Pf}: {From.ToWord()} -> {To.ToWord()}";
}

/// <summary>Waits until every VF of a PF has a representor with a network device; they appear asynchronously.</summary>
internal sealed record WaitForRepresentors(PciAddress Pf, int Count) : StepAction
{
    public override string Kind => "wait-representors";
    public override string Object => Pf.ToString();
    public override string Summary => $"wait for {Count} representors of {Pf}";
}

/// <summary>Sets the administrative MAC address of a VF.</summary>
internal sealed record SetVfMac(PciAddress Pf, int Vf, HardwareAddress? From, HardwareAddress To) : StepAction
{
    public override string Kind => "vf-mac";
    public override string Object => $"{Pf} vf{Vf}";
    public override string Summary => $"MAC address of {Pf} vf{Vf}: {From?.ToString() ?? "none"} -> {To}";
}

/// <summary>Binds a VF to a driver, or unbinds it.</summary>
/// <param name="Pf">The PF.</param>
/// <param name="Vf">The VF's index.</param>
/// <param name="From">The driver before; null for none.</param>
/// <param name="To">
/// The driver wanted; null for none, <see cref="Default"/> for the one that the kernel would choose.
/// </param>
/// <param name="OverrideFrom">driver_override before.</param>
/// <param name="OverrideTo">driver_override wanted; null clears it.</param>
internal sealed record SetVfDriver(
    PciAddress Pf, int Vf, string? From, string? To, string? OverrideFrom, string? OverrideTo) : StepAction
{
    /// <summary>Stands for the driver that the kernel chooses by itself.</summary>
    public const string Default = "default";

    /// <summary>What an unbound VF is bound to later in the same plan; null where it stays without a driver.</summary>
    public VfBinding? Later { get; init; }

    public override string Kind => To is null ? "vf-unbind" : "vf-driver";
    public override string Object => $"{Pf} vf{Vf}";
    public override string Summary => $"driver of {Pf} vf{Vf}: {From ?? "none"} -> {To ?? "none"}";
}

/// <summary>A driver that a VF is to get.</summary>
/// <param name="Vf">The VF's index.</param>
/// <param name="Driver">The driver, or <see cref="SetVfDriver.Default"/>.</param>
/// <param name="Override">Its driver_override; null for none.</param>
internal sealed record VfBinding(int Vf, string Driver, string? Override);

/// <summary>Switches the feature hw-tc-offload of an uplink or representor.</summary>
internal sealed record SetHwTcOffload(DeviceReference Device, bool From, bool To) : StepAction
{
    public override string Kind => "hw-tc-offload";
    public override string Object => Device.ToString();
    public override string Summary => $"hw-tc-offload of {Device}: {(From ? "on" : "off")} -> {(To ? "on" : "off")}";
}

/// <summary>Sets an uplink or representor up or down.</summary>
internal sealed record SetLinkUp(DeviceReference Device, bool From, bool To) : StepAction
{
    public override string Kind => "link-up";
    public override string Object => Device.ToString();
    public override string Summary => $"link of {Device}: {(From ? "up" : "down")} -> {(To ? "up" : "down")}";
}

/// <summary>Sets or takes away a key of Open_vSwitch.other_config; null means that it is not there.</summary>
internal sealed record SetSwitchOption(string Key, string? From, string? To) : StepAction
{
    public override string Kind => "switch-option";
    public override string Object => Key;
    public override string Summary => $"Open_vSwitch other_config:{Key}: {From ?? "unset"} -> {To ?? "unset"}";
}

/// <summary>Adds a bridge, marked as ours.</summary>
/// <param name="Name">The bridge's name.</param>
/// <param name="Address">The MAC address of its local port; null leaves the choice to ovs-vswitchd.</param>
internal sealed record AddBridge(string Name, HardwareAddress? Address = null) : StepAction
{
    public override string Kind => "bridge";
    public override string Object => Name;
    public override string Summary => $"add bridge {Name}" + (Address is { } mac ? $" with the MAC address {mac}" : "");
}

/// <summary>Adds an uplink, bond or representor to a bridge, marked as ours.</summary>
internal sealed record AddPort(string Bridge, DeviceReference Device) : StepAction
{
    public override string Kind => "port";
    public override string Object => $"{Bridge} {Device}";
    public override string Summary => $"add {Device} to bridge {Bridge}";
}

/// <summary>Takes a port of ours out of a bridge.</summary>
internal sealed record DeletePort(string Bridge, string Port) : StepAction
{
    public override string Kind => "port-delete";
    public override string Object => $"{Bridge} {Port}";
    public override string Summary => $"take port {Port} out of bridge {Bridge}";
}

/// <summary>Takes the port of a device out of a bridge again; undoes <see cref="AddPort"/>.</summary>
internal sealed record DeletePortOf(string Bridge, DeviceReference Device) : StepAction
{
    public override string Kind => "port-delete";
    public override string Object => $"{Bridge} {Device}";
    public override string Summary => $"take {Device} out of bridge {Bridge}";
}

/// <summary>Takes a bridge of ours away; undoes <see cref="AddBridge"/>.</summary>
/// <param name="Name">The bridge's name.</param>
/// <param name="Address">The MAC address that its local port was given; null where ovs-vswitchd chose it.</param>
internal sealed record DeleteBridge(string Name, HardwareAddress? Address = null) : StepAction
{
    /// <summary>Whether its local port is up, as one with addresses has to be when it is made again.</summary>
    public bool Up { get; init; }

    public override string Kind => "bridge-delete";
    public override string Object => Name;
    public override string Summary => $"take bridge {Name} away";
}

/// <summary>Gives a VF that was made again the settings that it had.</summary>
internal sealed record RestoreVfSettings(PciAddress Pf, int Vf, LinkVf Settings) : StepAction
{
    public override string Kind => "vf-settings";
    public override string Object => $"{Pf} vf{Vf}";
    public override string Summary => $"restore MAC address, VLAN and limits of {Pf} vf{Vf}";
}

/// <summary>Lets ovs-vswitchd set up anew the flows that are there, so that they come under hw-offload too.</summary>
internal sealed record PurgeFlows : StepAction
{
    public override string Kind => "flow-purge";
    public override string Object => "ovs-vswitchd";
    public override string Summary => "revalidator/purge: set up the cached flows anew";
}

/// <summary>Restarts ovs-vswitchd.</summary>
internal sealed record RestartSwitch : StepAction
{
    public override string Kind => "restart";
    public override string Object => "ovs-vswitchd";
    public override string Summary => "restart ovs-vswitchd";
}
