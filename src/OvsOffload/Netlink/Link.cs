namespace OvsOffload.Netlink;

/// <summary>IFF_*, linux/if.h: those that are used.</summary>
[Flags]
internal enum LinkFlags : uint
{
    None = 0,
    Up = 0x1, // IFF_UP: by the administrator
    Loopback = 0x8, // IFF_LOOPBACK
    Running = 0x40, // IFF_RUNNING
    Master = 0x400, // IFF_MASTER: a bond
    Slave = 0x800, // IFF_SLAVE: of a bond
    LowerUp = 0x10000, // IFF_LOWER_UP: there is a carrier
}

/// <summary>IF_OPER_*, linux/if.h.</summary>
internal enum LinkOperationalState : byte
{
    Unknown = 0,
    NotPresent = 1,
    Down = 2,
    LowerLayerDown = 3,
    Testing = 4,
    Dormant = 5,
    Up = 6,
}

/// <summary>ARPHRD_*, linux/if_arp.h: those that are used.</summary>
internal enum LinkHardwareType : ushort
{
    Ethernet = 1,
    InfiniBand = 32,
    Loopback = 772,
}

/// <summary>Which link is meant: the index decides, the name is for the reader of a message.</summary>
internal readonly record struct LinkReference(int Index, string Name)
{
    public static implicit operator LinkReference(Link link) => new(link.Index, link.Name);

    public override string ToString() => $"link {Name}";
}

/// <summary>A network device, as RTM_NEWLINK tells of it.</summary>
internal sealed record Link
{
    public required int Index { get; init; }

    public required string Name { get; init; }

    public IReadOnlyList<string> AlternativeNames { get; init; } = [];

    public LinkHardwareType HardwareType { get; init; }

    public LinkFlags Flags { get; init; }

    /// <summary>The administrator set it up; says nothing of a carrier.</summary>
    public bool IsUp => Flags.HasFlag(LinkFlags.Up);

    public bool HasCarrier => Flags.HasFlag(LinkFlags.LowerUp);

    public LinkOperationalState OperationalState { get; init; }

    /// <summary>In bytes.</summary>
    public uint Mtu { get; init; }

    /// <summary>The least that the driver accepts, in bytes; 0 where it has no limit, and on kernels before
    /// 4.19.</summary>
    public uint MinMtu { get; init; }

    /// <summary>The most that the driver accepts, likewise.</summary>
    public uint MaxMtu { get; init; }

    public HardwareAddress Address { get; init; }

    /// <summary>The address of the device itself; null where it has none, and on kernels before 5.6.</summary>
    public HardwareAddress? PermanentAddress { get; init; }

    /// <summary>
    /// The driver's kind of a virtual device: <c>bond</c>, <c>vxlan</c>, <c>openvswitch</c>; null for a NIC.
    /// </summary>
    public string? Kind { get; init; }

    /// <summary>What it is a slave of: <c>bond</c>, <c>openvswitch</c>; null for none.</summary>
    public string? SlaveKind { get; init; }

    /// <summary>Index of the bond, bridge or <c>ovs-system</c> that holds it.</summary>
    public int? Master { get; init; }

    /// <summary>IFLA_LINK: index of the device under it (VLAN on NIC), or of its peer (veth).</summary>
    public int? LowerLink { get; init; }

    /// <summary>The namespace in which <see cref="LowerLink"/> lies, when that is another one.</summary>
    public int? NamespaceId { get; init; }

    /// <summary>
    /// In hexadecimal, equal for the ports of one card; null where the driver does not say. Present in legacy mode too:
    /// it does not prove switchdev.
    /// </summary>
    public string? PhysicalSwitchId { get; init; }

    /// <summary><c>p0</c> an uplink, <c>pf0vf3</c> a representor; null where the driver does not say.</summary>
    public string? PhysicalPortName { get; init; }

    /// <summary>The device that it belongs to: <c>0000:01:00.0</c>; for a representor that of its PF.</summary>
    public string? ParentDeviceName { get; init; }

    /// <summary>The bus of the parent: <c>pci</c>.</summary>
    public string? ParentBusName { get; init; }

    /// <summary>Number of VFs of a PF, told only by <see cref="Links.VfsAsync"/>'s request.</summary>
    public uint? VfCount { get; init; }

    /// <summary>For a VLAN device.</summary>
    public VlanTag? Vlan { get; init; }

    /// <summary>For a bond.</summary>
    public Bond? Bond { get; init; }

    /// <summary>For a slave of a bond.</summary>
    public BondSlave? BondSlave { get; init; }

    public static Link Read(NetlinkMessage message) => Read(message.Payload);

    /// <param name="payload">struct ifinfomsg and attributes.</param>
    public static Link Read(ReadOnlySpan<byte> payload)
    {
        // Gathered, and the link made once: a dump has hundreds of links, each of some twenty attributes.
        var header = LinkHeader.Read(payload);
        string name = "";
        IReadOnlyList<string> alternativeNames = [];
        LinkOperationalState operationalState = default;
        uint mtu = 0, leastMtu = 0, mostMtu = 0;
        uint? vfCount = null;
        HardwareAddress address = default;
        HardwareAddress? permanentAddress = null;
        int? master = null, lowerLink = null, namespaceId = null;
        string? switchId = null, portName = null, parentDevice = null, parentBus = null;
        Information information = default;
        var reader = new AttributeReader(payload, LinkHeader.Length, "link");
        while (reader.Read())
        {
            switch (reader.Type)
            {
                case LinkAttribute.Name:
                    name = reader.String();
                    break;
                case LinkAttribute.Properties:
                    alternativeNames = ReadAlternativeNames(reader.Nested());
                    break;
                case LinkAttribute.OperationalState:
                    operationalState = (LinkOperationalState)reader.Byte();
                    break;
                case LinkAttribute.Mtu:
                    mtu = reader.UInt32();
                    break;
                case LinkAttribute.MinMtu:
                    leastMtu = reader.UInt32();
                    break;
                case LinkAttribute.MaxMtu:
                    mostMtu = reader.UInt32();
                    break;
                case LinkAttribute.Address:
                    address = new HardwareAddress(reader.Value);
                    break;
                case LinkAttribute.PermanentAddress:
                    permanentAddress = new HardwareAddress(reader.Value);
                    break;
                case LinkAttribute.Master:
                    master = reader.Int32();
                    break;
                case LinkAttribute.Link:
                    lowerLink = reader.Int32();
                    break;
                case LinkAttribute.NamespaceId:
                    namespaceId = reader.Int32();
                    break;
                case LinkAttribute.PhysicalSwitchId:
                    switchId = Convert.ToHexStringLower(reader.Value);
                    break;
                case LinkAttribute.PhysicalPortName:
                    portName = reader.String();
                    break;
                case LinkAttribute.ParentDeviceName:
                    parentDevice = reader.String();
                    break;
                case LinkAttribute.ParentBusName:
                    parentBus = reader.String();
                    break;
                case LinkAttribute.VfCount:
                    vfCount = reader.UInt32();
                    break;
                case LinkAttribute.Information:
                    information = ReadInformation(reader.Nested());
                    break;
            }
        }

        return new Link
        {
            Index = header.Index,
            Name = name.Length > 0 ? name : throw new NetlinkMalformedException("link", "no name"),
            AlternativeNames = alternativeNames,
            HardwareType = (LinkHardwareType)header.HardwareType,
            Flags = (LinkFlags)header.Flags,
            OperationalState = operationalState,
            Mtu = mtu,
            MinMtu = leastMtu,
            MaxMtu = mostMtu,
            Address = address,
            PermanentAddress = permanentAddress,
            Kind = information.Kind,
            SlaveKind = information.SlaveKind,
            Master = master,
            LowerLink = lowerLink,
            NamespaceId = namespaceId,
            PhysicalSwitchId = switchId,
            PhysicalPortName = portName,
            ParentDeviceName = parentDevice,
            ParentBusName = parentBus,
            VfCount = vfCount,
            Vlan = information.Vlan,
            Bond = information.Bond,
            BondSlave = information.BondSlave,
        };
    }

    private static List<string> ReadAlternativeNames(AttributeReader reader)
    {
        var names = new List<string>();
        while (reader.Read())
        {
            if (reader.Type == LinkAttribute.AlternativeName)
            {
                names.Add(reader.String());
            }
        }

        return names;
    }

    private static Information ReadInformation(AttributeReader reader)
    {
        string? kind = null, slaveKind = null;
        AttributeReader data = default;
        AttributeReader slaveData = default;
        while (reader.Read())
        {
            switch (reader.Type)
            {
                case LinkAttribute.InformationKind:
                    kind = reader.String();
                    break;
                case LinkAttribute.InformationData:
                    data = reader.Nested();
                    break;
                case LinkAttribute.InformationSlaveKind:
                    slaveKind = reader.String();
                    break;
                case LinkAttribute.InformationSlaveData:
                    slaveData = reader.Nested();
                    break;
            }
        }

        return new Information(
            kind,
            slaveKind,
            kind == VlanTag.LinkKind ? VlanTag.Read(data) : null,
            kind == Bond.LinkKind ? Bond.Read(data) : null,
            slaveKind == Bond.LinkKind ? BondSlave.Read(slaveData) : null);
    }

    /// <summary>IFLA_LINKINFO.</summary>
    private readonly record struct Information(
        string? Kind, string? SlaveKind, VlanTag? Vlan, Bond? Bond, BondSlave? BondSlave);
}
