using OvsOffload.Netlink;

namespace OvsOffload.Planning;

/// <summary>Makes a bond, down and without members.</summary>
internal sealed record AddBond(string Name, BondOptions Options) : StepAction
{
    public override string Kind => "bond";
    public override string Object => Name;
    public override string Summary => $"add bond {Name} ({Options.Mode?.ToWord()})";
}

/// <summary>Takes a bond of ours away, which has no members any more; undoes <see cref="AddBond"/>.</summary>
/// <param name="Name">The bond.</param>
/// <param name="Options">What it was made with, so that it can be made again; null where nobody will.</param>
internal sealed record DeleteBond(string Name, BondOptions? Options = null) : StepAction
{
    /// <summary>Its MTU; null where it need not be set when it is made again.</summary>
    public int? Mtu { get; init; }

    /// <summary>Whether it is up.</summary>
    public bool Up { get; init; }

    public override string Kind => "bond-delete";
    public override string Object => Name;
    public override string Summary => $"take bond {Name} away";
}

/// <summary>Changes options of a bond.</summary>
/// <param name="Bond">The bond.</param>
/// <param name="From">The values before, of the options that change.</param>
/// <param name="To">The values wanted, of the same options.</param>
/// <param name="Down">
/// Whether the kernel takes them only while the bond is down; its addresses and routes are put back then.
/// </param>
internal sealed record SetBondOptions(string Bond, BondOptions From, BondOptions To, bool Down) : StepAction
{
    public override string Kind => "bond-options";
    public override string Object => Bond;
    public override string Summary => $"options of {Bond}: {BondChange.Describe(From, To)}";
}

/// <summary>Sets or unsets the preferred member of a bond.</summary>
internal sealed record SetBondPrimary(string Bond, DeviceReference? From, DeviceReference? To) : StepAction
{
    public override string Kind => "bond-primary";
    public override string Object => Bond;
    public override string Summary => $"primary of {Bond}: {From?.ToString() ?? "none"} -> {To?.ToString() ?? "none"}";
}

/// <summary>Makes a device that is down a member of a bond, which sets it up.</summary>
internal sealed record AddBondMember(string Bond, DeviceReference Device) : StepAction
{
    public override string Kind => "bond-member";
    public override string Object => $"{Bond} {Device}";
    public override string Summary => $"add {Device} to bond {Bond}";
}

/// <summary>Takes a device out of a bond, which leaves it down.</summary>
internal sealed record RemoveBondMember(string Bond, DeviceReference Device) : StepAction
{
    public override string Kind => "bond-member-remove";
    public override string Object => $"{Bond} {Device}";
    public override string Summary => $"take {Device} out of bond {Bond}";
}

/// <summary>Waits, for a bounded time, until the driver shows that the bond is in hardware.</summary>
/// <param name="Bond">The bond.</param>
/// <param name="Required">Whether it is a failure when it does not come.</param>
internal sealed record WaitForVfLag(string Bond, bool Required) : StepAction
{
    public override string Kind => "wait-vf-lag";
    public override string Object => Bond;
    public override string Summary => $"wait for VF-LAG of {Bond}{(Required ? ", which is required" : "")}";
}

/// <summary>
/// Makes a VLAN device anew on another device, with its name, addresses, routes and MTU: the kernel moves none.
/// </summary>
internal sealed record MoveVlan(string Name, VlanTag Tag, DeviceReference From, DeviceReference To) : StepAction
{
    public override string Kind => "vlan";
    public override string Object => Name;
    public override string Summary => $"move VLAN device {Name} (id {Tag.Id}) from {From} to {To}, with its addresses";
}

/// <summary>Sets the MTU of a device; a bond hands it on to its members.</summary>
internal sealed record SetMtu(DeviceReference Device, int From, int To) : StepAction
{
    public override string Kind => "mtu";
    public override string Object => Device.ToString();
    public override string Summary => $"MTU of {Device}: {From} -> {To}";
}

/// <summary>Sets the MAC address of a device.</summary>
internal sealed record SetLinkAddress(DeviceReference Device, HardwareAddress From, HardwareAddress To) : StepAction
{
    public override string Kind => "link-address";
    public override string Object => Device.ToString();
    public override string Summary => $"MAC address of {Device}: {From} -> {To}";
}
