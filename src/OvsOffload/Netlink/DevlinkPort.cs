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
        // Gathered, and the port made once: a dump has hundreds of ports, each of some ten attributes.
        uint? index = null, number = null, subfunction = null, controller = null;
        ushort? pf = null, vf = null;
        DevlinkPortType type = default;
        DevlinkPortFlavour? flavour = null;
        int? netdevIndex = null;
        string? netdevName = null;
        bool external = false;
        Function function = default;
        var reader = new AttributeReader(payload, GenericNetlink.HeaderLength, "devlink port");
        while (reader.Read())
        {
            switch (reader.Type)
            {
                case DevlinkAttribute.PortIndex:
                    index = reader.UInt32();
                    break;
                case DevlinkAttribute.PortType:
                    type = (DevlinkPortType)reader.UInt16();
                    break;
                case DevlinkAttribute.PortNetdevIndex:
                    netdevIndex = reader.Int32();
                    break;
                case DevlinkAttribute.PortNetdevName:
                    netdevName = reader.String();
                    break;
                case DevlinkAttribute.PortFlavour:
                    flavour = (DevlinkPortFlavour)reader.UInt16();
                    break;
                case DevlinkAttribute.PortNumber:
                    number = reader.UInt32();
                    break;
                case DevlinkAttribute.PortPfNumber:
                    pf = reader.UInt16();
                    break;
                case DevlinkAttribute.PortVfNumber:
                    vf = reader.UInt16();
                    break;
                case DevlinkAttribute.PortSfNumber:
                    subfunction = reader.UInt32();
                    break;
                case DevlinkAttribute.PortControllerNumber:
                    controller = reader.UInt32();
                    break;
                case DevlinkAttribute.PortExternal:
                    external = reader.Byte() != 0;
                    break;
                case DevlinkAttribute.PortFunction:
                    function = ReadFunction(reader.Nested());
                    break;
            }
        }

        return new DevlinkPort
        {
            Handle = DevlinkMessage.ReadHandle(payload),
            Index = index ?? throw new NetlinkMalformedException("devlink port", "it has no index"),
            Type = type,
            Flavour = flavour,
            NetdevIndex = netdevIndex,
            NetdevName = netdevName,
            Number = number,
            PfNumber = pf,
            VfNumber = vf,
            SfNumber = subfunction,
            Controller = controller,
            IsExternal = external,
            FunctionAddress = function.Address,
            FunctionState = function.State,
            FunctionOperationalState = function.OperationalState,
        };
    }

    private static Function ReadFunction(AttributeReader reader)
    {
        var function = default(Function);
        while (reader.Read())
        {
            function = reader.Type switch
            {
                DevlinkPortFunctionAttribute.HardwareAddress =>
                    function with { Address = new HardwareAddress(reader.Value) },
                DevlinkPortFunctionAttribute.State =>
                    function with { State = (DevlinkFunctionState)reader.Byte() },
                DevlinkPortFunctionAttribute.OperationalState =>
                    function with { OperationalState = (DevlinkFunctionOperationalState)reader.Byte() },
                _ => function,
            };
        }

        return function;
    }

    /// <summary>DEVLINK_ATTR_PORT_FUNCTION.</summary>
    private readonly record struct Function(
        HardwareAddress? Address, DevlinkFunctionState? State, DevlinkFunctionOperationalState? OperationalState);
}
