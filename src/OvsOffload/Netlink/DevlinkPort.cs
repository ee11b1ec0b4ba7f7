namespace OvsOffload.Netlink;

/// <summary>enum devlink_port_type, linux/devlink.h.</summary>
internal enum DevlinkPortType : ushort
{
    NotSet = 0,
    Auto = 1,
    Ethernet = 2,
    InfiniBand = 3,
}

/// <summary>enum devlink_port_flavour, linux/devlink.h.</summary>
internal enum DevlinkPortFlavour : ushort
{
    /// <summary>A port with a cable: the uplink.</summary>
    Physical = 0,
    Cpu = 1,
    Dsa = 2,
    PciPf = 3,
    PciVf = 4,
    Virtual = 5,
    Unused = 6,
    PciSf = 7,
}

/// <summary>enum devlink_port_fn_state, linux/devlink.h; told of subfunctions only.</summary>
internal enum DevlinkFunctionState : byte
{
    Inactive = 0,
    Active = 1,
}

/// <summary>enum devlink_port_fn_opstate, linux/devlink.h; told of subfunctions only.</summary>
internal enum DevlinkFunctionOperationalState : byte
{
    Detached = 0,
    Attached = 1,
}

/// <summary>A port of a devlink device's e-switch: the uplink, or the side of a function that the host sees.</summary>
internal sealed record DevlinkPort
{
    public required DevlinkHandle Handle { get; init; }

    /// <summary>Unique within the device, and otherwise opaque.</summary>
    public required uint Index { get; init; }

    public DevlinkPortType Type { get; init; }

    /// <summary>Null where the driver has not said it.</summary>
    public DevlinkPortFlavour? Flavour { get; init; }

    /// <summary>
    /// The network device (uplink or representor); null while there is none, or it is in another namespace.
    /// </summary>
    public int? NetdevIndex { get; init; }

    public string? NetdevName { get; init; }

    /// <summary>Number of a physical port, as on the card's label or from 0.</summary>
    public uint? Number { get; init; }

    public ushort? PfNumber { get; init; }

    public ushort? VfNumber { get; init; }

    public uint? SfNumber { get; init; }

    /// <summary>Which host's function this is, on a BlueField; 0 the local one.</summary>
    public uint? Controller { get; init; }

    /// <summary>The function belongs to another host.</summary>
    public bool IsExternal { get; init; }

    /// <summary>The MAC of the function behind the port; all zero when it was never set.</summary>
    public HardwareAddress? FunctionAddress { get; init; }

    public DevlinkFunctionState? FunctionState { get; init; }

    public DevlinkFunctionOperationalState? FunctionOperationalState { get; init; }

    public static DevlinkPort Read(NetlinkMessage message) => Read(message.Payload);

    /// <param name="payload">Generic netlink header and attributes.</param>
    public static DevlinkPort Read(ReadOnlySpan<byte> payload)
    {
        var port = new DevlinkPort { Handle = DevlinkMessage.ReadHandle(payload), Index = uint.MaxValue };
        var hasIndex = false;
        var reader = new AttributeReader(payload, GenericNetlink.HeaderLength, "devlink port");
        while (reader.Read())
        {
            hasIndex |= reader.Type == DevlinkAttribute.PortIndex;
            port = reader.Type switch
            {
                DevlinkAttribute.PortIndex => port with { Index = reader.UInt32() },
                DevlinkAttribute.PortType => port with { Type = (DevlinkPortType)reader.UInt16() },
                DevlinkAttribute.PortNetdevIndex => port with { NetdevIndex = reader.Int32() },
                DevlinkAttribute.PortNetdevName => port with { NetdevName = reader.String() },
                DevlinkAttribute.PortFlavour => port with { Flavour = (DevlinkPortFlavour)reader.UInt16() },
                DevlinkAttribute.PortNumber => port with { Number = reader.UInt32() },
                DevlinkAttribute.PortPfNumber => port with { PfNumber = reader.UInt16() },
                DevlinkAttribute.PortVfNumber => port with { VfNumber = reader.UInt16() },
                DevlinkAttribute.PortSfNumber => port with { SfNumber = reader.UInt32() },
                DevlinkAttribute.PortControllerNumber => port with { Controller = reader.UInt32() },
                DevlinkAttribute.PortExternal => port with { IsExternal = reader.Byte() != 0 },
                DevlinkAttribute.PortFunction => ReadFunction(port, reader.Nested()),
                _ => port,
            };
        }

        return hasIndex ? port : throw new NetlinkMalformedException("devlink port", "it has no index");
    }

    private static DevlinkPort ReadFunction(DevlinkPort port, AttributeReader reader)
    {
        while (reader.Read())
        {
            port = reader.Type switch
            {
                DevlinkPortFunctionAttribute.HardwareAddress =>
                    port with { FunctionAddress = new HardwareAddress(reader.Value) },
                DevlinkPortFunctionAttribute.State =>
                    port with { FunctionState = (DevlinkFunctionState)reader.Byte() },
                DevlinkPortFunctionAttribute.OperationalState =>
                    port with { FunctionOperationalState = (DevlinkFunctionOperationalState)reader.Byte() },
                _ => port,
            };
        }

        return port;
    }
}
