using System.Collections.Frozen;
using OvsOffload.Netlink;

namespace OvsOffload.Bundles;

/// <summary>How an attribute is masked.</summary>
internal enum NetlinkPartKind
{
    /// <summary>Kept as it is: numbers, words of the kernel, PCI addresses.</summary>
    Plain,

    /// <summary>A link-layer address, or the identity of a switch.</summary>
    Hardware,

    /// <summary>struct ifla_vf_mac.</summary>
    VfAddress,

    /// <summary>An IP address.</summary>
    IP,

    /// <summary>struct rtvia: u16 address family, then the address.</summary>
    Via,

    /// <summary>Text in which addresses may stand, such as a device's name.</summary>
    Text,

    /// <summary>Text that is an identity as a whole, such as a serial number.</summary>
    Identity,

    /// <summary>Attributes.</summary>
    Nest,

    /// <summary>Structures rtnexthop with attributes behind each.</summary>
    Hops,

    /// <summary>IFLA_LINKINFO, whose content depends on the kind of link in it.</summary>
    Information,
}

/// <summary>How an attribute and those in it are masked. Immutable.</summary>
internal sealed class NetlinkPart
{
    private readonly FrozenDictionary<ushort, NetlinkPart> _parts;
    private readonly NetlinkPart? _any;

    private NetlinkPart(NetlinkPartKind kind, IEnumerable<(ushort, NetlinkPart)> parts, NetlinkPart? any)
    {
        Kind = kind;
        _any = any;
        _parts = parts.ToFrozenDictionary(pair => pair.Item1, pair => pair.Item2);
    }

    /// <summary>How it is masked.</summary>
    public NetlinkPartKind Kind { get; }

    /// <summary>Kept as it is.</summary>
    public static NetlinkPart Plain { get; } = Of(NetlinkPartKind.Plain);

    /// <summary>A part without others in it.</summary>
    public static NetlinkPart Of(NetlinkPartKind kind) => new(kind, [], null);

    /// <summary>A part with others in it; those that are not named are left out.</summary>
    public static NetlinkPart Of(NetlinkPartKind kind, params (ushort Type, NetlinkPart Part)[] parts) =>
        new(kind, parts, null);

    /// <summary>A list, whose entries are alike and numbered.</summary>
    public static NetlinkPart List(NetlinkPart any) => new(NetlinkPartKind.Nest, [], any);

    /// <summary>Attributes of which those with these numbers are kept as they are, and others masked.</summary>
    public static NetlinkPart Nest(IEnumerable<int> plain, params (ushort Type, NetlinkPart Part)[] parts) => new(
        NetlinkPartKind.Nest,
        plain.Select(type => ((ushort)type, Plain))
            .Where(pair => parts.All(part => part.Type != pair.Item1))
            .Concat(parts),
        null);

    /// <summary>How an attribute of this type is masked; null for one that is left out.</summary>
    public NetlinkPart? Find(ushort type) => _any ?? _parts.GetValueOrDefault(type);
}

/// <summary>
/// Which attributes of which messages a masked bundle keeps, by the headers named in <c>Netlink/</c>.
/// </summary>
internal static class NetlinkParts
{
    private const ushort ControlFamily = 16; // GENL_ID_CTRL

    private static readonly NetlinkPart Hardware = NetlinkPart.Of(NetlinkPartKind.Hardware);
    private static readonly NetlinkPart IP = NetlinkPart.Of(NetlinkPartKind.IP);
    private static readonly NetlinkPart Via = NetlinkPart.Of(NetlinkPartKind.Via);
    private static readonly NetlinkPart Text = NetlinkPart.Of(NetlinkPartKind.Text);
    private static readonly NetlinkPart Identity = NetlinkPart.Of(NetlinkPartKind.Identity);
    private static readonly NetlinkPart All = NetlinkPart.List(NetlinkPart.Plain);

    /// <summary>IFLA_BOND_*: numbers, and IFLA_BOND_AD_INFO_* with the partner's address.</summary>
    private static readonly NetlinkPart Bond = NetlinkPart.Nest(
        Enumerable.Range(1, 32).Where(type => type != 31), // IFLA_BOND_NS_IP6_TARGET
        (BondAttribute.ArpTargets, NetlinkPart.List(IP)),
        (BondAttribute.AggregatorInformation, NetlinkPart.Nest([1, 2, 3, 4], (5, Hardware))),
        (BondAttribute.ActorSystem, Hardware));

    /// <summary>IFLA_BOND_SLAVE_*.</summary>
    private static readonly NetlinkPart BondSlave = NetlinkPart.Nest(Enumerable.Range(1, 9), (4, Hardware));

    /// <summary>IFLA_VLAN_ID, _FLAGS, _PROTOCOL.</summary>
    private static readonly NetlinkPart Vlan = NetlinkPart.Nest([1, 2, 5]);

    private static readonly NetlinkPart Link = NetlinkPart.Nest(
        [
            LinkAttribute.Mtu, LinkAttribute.Link, LinkAttribute.Master, LinkAttribute.OperationalState,
            LinkAttribute.VfCount, LinkAttribute.ExtendedMask, LinkAttribute.NamespaceId,
            LinkAttribute.PhysicalPortName, LinkAttribute.ParentDeviceName, LinkAttribute.ParentBusName,
            LinkAttribute.MinMtu, LinkAttribute.MaxMtu,
        ],
        (LinkAttribute.Address, Hardware),
        (LinkAttribute.Name, Text),
        (LinkAttribute.Information, NetlinkPart.Of(NetlinkPartKind.Information)),
        (LinkAttribute.VfList, NetlinkPart.List(NetlinkPart.Nest(
            [VfAttribute.Vlan, VfAttribute.SpoofCheck, VfAttribute.LinkState, VfAttribute.Rate, VfAttribute.Trust],
            (VfAttribute.Address, NetlinkPart.Of(NetlinkPartKind.VfAddress))))),
        (LinkAttribute.PhysicalSwitchId, Hardware),
        (LinkAttribute.Properties, NetlinkPart.Nest([], (LinkAttribute.AlternativeName, Text))),
        (LinkAttribute.PermanentAddress, Hardware));

    private static readonly NetlinkPart Address = NetlinkPart.Nest(
        [
            AddressAttribute.CacheInformation, AddressAttribute.Flags, AddressAttribute.Priority,
            AddressAttribute.Protocol,
        ],
        (AddressAttribute.Address, IP), (AddressAttribute.Local, IP), (AddressAttribute.Broadcast, IP),
        (AddressAttribute.Label, Text));

    /// <summary>Without encapsulations, whose content depends on their type and may be addresses.</summary>
    private static readonly NetlinkPart Route = NetlinkPart.Nest(
        [
            RouteAttribute.Link, RouteAttribute.Priority, RouteAttribute.Metrics, RouteAttribute.Flow,
            RouteAttribute.CacheInformation, RouteAttribute.Table, RouteAttribute.Preference, RouteAttribute.NexthopId,
        ],
        (RouteAttribute.Destination, IP), (RouteAttribute.SourceRange, IP), (RouteAttribute.Gateway, IP),
        (RouteAttribute.Source, IP), (RouteAttribute.Via, Via),
        (RouteAttribute.Multipath, NetlinkPart.Of(
            NetlinkPartKind.Hops, (RouteAttribute.Gateway, IP), (RouteAttribute.Via, Via))));

    private static readonly NetlinkPart Nexthop = NetlinkPart.Nest(
        [
            NexthopAttribute.Id, NexthopAttribute.Group, NexthopAttribute.GroupType, NexthopAttribute.Blackhole,
            NexthopAttribute.Link, NexthopAttribute.Fdb, NexthopAttribute.ResilientGroup,
        ],
        (NexthopAttribute.Gateway, IP));

    private static readonly NetlinkPart Rule = NetlinkPart.Nest(
        [RuleAttribute.Priority, RuleAttribute.Table],
        (RuleAttribute.Destination, IP), (RuleAttribute.Source, IP),
        (RuleAttribute.InputLink, Text), (RuleAttribute.OutputLink, Text));

    private static readonly NetlinkPart Qdisc = NetlinkPart.Nest(
        [TrafficControlAttribute.Kind, TrafficControlAttribute.IngressBlock, TrafficControlAttribute.EgressBlock]);

    /// <summary>Of a filter nothing is kept that tells whose packets it is for.</summary>
    public static NetlinkPart Filter { get; } = NetlinkPart.Nest(
        [TrafficControlAttribute.Kind, TrafficControlAttribute.Chain],
        (TrafficControlAttribute.Options, NetlinkPart.Nest(
            [FlowerAttribute.Flags, FlowerAttribute.InHardwareCount],
            (FlowerAttribute.Actions, NetlinkPart.List(NetlinkPart.Nest([FlowerAttribute.ActionCookie]))))));

    private static readonly NetlinkPart Statistics = NetlinkPart.Nest(
        [LinkStatistics.TotalAttribute],
        (LinkStatistics.OffloadAttribute, NetlinkPart.Nest([LinkStatistics.SlowPathAttribute])));

    private static readonly NetlinkPart Devlink = NetlinkPart.Nest(
        [
            DevlinkAttribute.BusName, DevlinkAttribute.DeviceName, DevlinkAttribute.PortIndex,
            DevlinkAttribute.PortType, DevlinkAttribute.PortNetdevIndex, DevlinkAttribute.PortFlavour,
            DevlinkAttribute.PortNumber, DevlinkAttribute.PortPfNumber, DevlinkAttribute.PortVfNumber,
            DevlinkAttribute.PortExternal, DevlinkAttribute.PortControllerNumber, DevlinkAttribute.PortSfNumber,
            DevlinkAttribute.EswitchMode, DevlinkAttribute.EswitchInlineMode, DevlinkAttribute.EswitchEncapMode,
            DevlinkAttribute.InfoDriver, DevlinkAttribute.ParameterName,
        ],
        (DevlinkAttribute.Nested, NetlinkPart.Nest([DevlinkAttribute.BusName, DevlinkAttribute.DeviceName])),
        (DevlinkAttribute.PortNetdevName, Text),
        (DevlinkAttribute.PortFunction, NetlinkPart.Nest(
            [DevlinkPortFunctionAttribute.State, DevlinkPortFunctionAttribute.OperationalState],
            (DevlinkPortFunctionAttribute.HardwareAddress, Hardware))),
        (DevlinkAttribute.Parameter, All),
        (DevlinkAttribute.InfoSerial, Identity),
        (DevlinkAttribute.InfoBoardSerial, Identity),
        (DevlinkAttribute.InfoFixed, All),
        (DevlinkAttribute.InfoRunning, All),
        (DevlinkAttribute.InfoStored, All),
        (DevlinkAttribute.HealthReporter, All));

    /// <summary>RDMA_NLDEV_ATTR_*: devices, and of queue pairs what tells who has them.</summary>
    private static readonly NetlinkPart Rdma = NetlinkPart.Nest(
        [RdmaQueuePairs.DeviceIndex],
        (RdmaQueuePairs.DeviceName, Text),
        (RdmaQueuePairs.QueuePairList, NetlinkPart.List(NetlinkPart.Nest(
            [RdmaQueuePairs.QueuePairType, RdmaQueuePairs.Process, RdmaQueuePairs.KernelName]))));

    /// <summary>Of an IPsec security association the device that handles it: all else is keys and peers.</summary>
    public static NetlinkPart Ipsec { get; } = NetlinkPart.Nest([IpsecStates.OffloadDevice]);

    /// <summary>The length of the fixed part of a message, and how the attributes behind it are masked.</summary>
    /// <param name="protocol">The protocol.</param>
    /// <param name="operation">What was asked, which tells the family of generic netlink.</param>
    /// <param name="type">The message's type.</param>
    public static (int Header, NetlinkPart Part) Of(NetlinkProtocol protocol, string operation, ushort type) =>
        (protocol, type) switch
        {
            (NetlinkProtocol.Generic, ControlFamily) => (GenericNetlink.HeaderLength, All),
            (NetlinkProtocol.Generic, _) when operation.StartsWith("devlink", StringComparison.Ordinal) =>
                (GenericNetlink.HeaderLength, Devlink),
            (NetlinkProtocol.Generic, _) when operation.StartsWith("ethtool", StringComparison.Ordinal) =>
                (GenericNetlink.HeaderLength, All),
            (NetlinkProtocol.Generic, _) when operation == KernelDatapaths.ListDatapaths =>
                (KernelDatapaths.HeaderLength, NetlinkPart.Nest([], (KernelDatapaths.DatapathName, Text))),
            (NetlinkProtocol.Generic, _) when operation == KernelDatapaths.ListPorts =>
                (KernelDatapaths.HeaderLength, NetlinkPart.Nest([], (KernelDatapaths.PortName, Text))),
            (NetlinkProtocol.Rdma, _) => (0, Rdma),
            (NetlinkProtocol.Ipsec, _) => (IpsecStates.HeaderLength, Ipsec),
            (NetlinkProtocol.Route, RtnetlinkType.NewLink or RtnetlinkType.GetLink) => (LinkHeader.Length, Link),
            (NetlinkProtocol.Route, RtnetlinkType.NewAddress or RtnetlinkType.GetAddress) =>
                (AddressHeader.Length, Address),
            (NetlinkProtocol.Route, RtnetlinkType.NewRoute or RtnetlinkType.GetRoute) => (RouteHeader.Length, Route),
            (NetlinkProtocol.Route, RtnetlinkType.NewNexthop or RtnetlinkType.GetNexthop) =>
                (NexthopHeader.Length, Nexthop),
            (NetlinkProtocol.Route, RtnetlinkType.NewRule or RtnetlinkType.GetRule) => (RouteHeader.Length, Rule),
            (NetlinkProtocol.Route, RtnetlinkType.NewQdisc or RtnetlinkType.GetQdisc) =>
                (TrafficControlHeader.Length, Qdisc),
            (NetlinkProtocol.Route, RtnetlinkType.NewFilter or RtnetlinkType.GetFilter) =>
                (TrafficControlHeader.Length, Filter),
            (NetlinkProtocol.Route, RtnetlinkType.NewStatistics or RtnetlinkType.GetStatistics) =>
                (LinkStatistics.HeaderLength, Statistics),
            _ => (0, NetlinkPart.Nest([])),
        };

    /// <summary>How IFLA_LINKINFO is masked.</summary>
    /// <param name="kind">IFLA_INFO_KIND.</param>
    /// <param name="slaveKind">IFLA_INFO_SLAVE_KIND.</param>
    public static NetlinkPart Information(string kind, string slaveKind)
    {
        var none = NetlinkPart.Nest([]);
        return NetlinkPart.Nest(
            [LinkAttribute.InformationKind, LinkAttribute.InformationSlaveKind],
            (LinkAttribute.InformationData, kind switch { "bond" => Bond, "vlan" => Vlan, _ => none }),
            (LinkAttribute.InformationSlaveData, slaveKind == "bond" ? BondSlave : none));
    }
}
