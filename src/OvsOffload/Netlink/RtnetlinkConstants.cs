using System.Runtime.InteropServices;

namespace OvsOffload.Netlink;

/// <summary>RTM_*, linux/rtnetlink.h: those that are used.</summary>
internal static class RtnetlinkType
{
    public const ushort NewLink = 16; // RTM_NEWLINK
    public const ushort DeleteLink = 17; // RTM_DELLINK
    public const ushort GetLink = 18; // RTM_GETLINK
    public const ushort NewAddress = 20; // RTM_NEWADDR
    public const ushort DeleteAddress = 21; // RTM_DELADDR
    public const ushort GetAddress = 22; // RTM_GETADDR
    public const ushort NewRoute = 24; // RTM_NEWROUTE
    public const ushort DeleteRoute = 25; // RTM_DELROUTE
    public const ushort GetRoute = 26; // RTM_GETROUTE
    public const ushort NewRule = 32; // RTM_NEWRULE
    public const ushort GetRule = 34; // RTM_GETRULE
    public const ushort NewQdisc = 36; // RTM_NEWQDISC
    public const ushort GetQdisc = 38; // RTM_GETQDISC
    public const ushort NewFilter = 44; // RTM_NEWTFILTER
    public const ushort GetFilter = 46; // RTM_GETTFILTER
    public const ushort NewStatistics = 92; // RTM_NEWSTATS
    public const ushort GetStatistics = 94; // RTM_GETSTATS
    public const ushort NewNexthop = 104; // RTM_NEWNEXTHOP
    public const ushort GetNexthop = 106; // RTM_GETNEXTHOP
}

/// <summary>RTNLGRP_*, linux/rtnetlink.h.</summary>
internal static class RtnetlinkGroup
{
    public const uint Link = 1; // RTNLGRP_LINK
}

/// <summary>struct ifinfomsg, linux/rtnetlink.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct LinkHeader(
    byte Family, byte Padding, ushort HardwareType, int Index, uint Flags, uint Change)
{
    public const int Length = 16;

    public static LinkHeader Of(int index) => new(0, 0, 0, index, 0, 0);

    /// <summary>Reads the header of a message.</summary>
    public static LinkHeader Read(ReadOnlySpan<byte> payload) =>
        payload.Length >= Length
            ? MemoryMarshal.Read<LinkHeader>(payload)
            : throw new NetlinkMalformedException("link", $"{payload.Length} bytes, shorter than its header");
}

/// <summary>IFLA_*, linux/if_link.h: those that are used.</summary>
internal static class LinkAttribute
{
    public const ushort Address = 1; // IFLA_ADDRESS
    public const ushort Name = 3; // IFLA_IFNAME
    public const ushort Mtu = 4; // IFLA_MTU, u32
    public const ushort Link = 5; // IFLA_LINK, u32
    public const ushort Master = 10; // IFLA_MASTER, u32
    public const ushort OperationalState = 16; // IFLA_OPERSTATE, u8
    public const ushort Information = 18; // IFLA_LINKINFO, nest
    public const ushort VfCount = 21; // IFLA_NUM_VF, u32
    public const ushort VfList = 22; // IFLA_VFINFO_LIST, nest
    public const ushort ExtendedMask = 29; // IFLA_EXT_MASK, u32
    public const ushort PhysicalSwitchId = 36; // IFLA_PHYS_SWITCH_ID, binary
    public const ushort NamespaceId = 37; // IFLA_LINK_NETNSID, s32
    public const ushort PhysicalPortName = 38; // IFLA_PHYS_PORT_NAME
    public const ushort MinMtu = 50; // IFLA_MIN_MTU, u32
    public const ushort MaxMtu = 51; // IFLA_MAX_MTU, u32
    public const ushort Properties = 52; // IFLA_PROP_LIST, nest
    public const ushort AlternativeName = 53; // IFLA_ALT_IFNAME
    public const ushort PermanentAddress = 54; // IFLA_PERM_ADDRESS
    public const ushort ParentDeviceName = 56; // IFLA_PARENT_DEV_NAME
    public const ushort ParentBusName = 57; // IFLA_PARENT_DEV_BUS_NAME

    public const ushort InformationKind = 1; // IFLA_INFO_KIND
    public const ushort InformationData = 2; // IFLA_INFO_DATA, nest by kind
    public const ushort InformationSlaveKind = 4; // IFLA_INFO_SLAVE_KIND
    public const ushort InformationSlaveData = 5; // IFLA_INFO_SLAVE_DATA, nest by kind
}

/// <summary>RTEXT_FILTER_*, linux/rtnetlink.h: what IFLA_EXT_MASK asks for.</summary>
internal static class LinkExtendedMask
{
    public const uint Vf = 1; // RTEXT_FILTER_VF
    public const uint SkipStatistics = 8; // RTEXT_FILTER_SKIP_STATS
}

/// <summary>RTA_*, linux/rtnetlink.h: those that are used.</summary>
internal static class RouteAttribute
{
    public const ushort Destination = 1; // RTA_DST
    public const ushort SourceRange = 2; // RTA_SRC: IPv6 routes for packets from there only
    public const ushort Link = 4; // RTA_OIF, u32
    public const ushort Gateway = 5; // RTA_GATEWAY
    public const ushort Priority = 6; // RTA_PRIORITY, u32
    public const ushort Source = 7; // RTA_PREFSRC
    public const ushort Metrics = 8; // RTA_METRICS, nest
    public const ushort Multipath = 9; // RTA_MULTIPATH, list of struct rtnexthop
    public const ushort Flow = 11; // RTA_FLOW, u32: realms
    public const ushort CacheInformation = 12; // RTA_CACHEINFO, struct rta_cacheinfo
    public const ushort Table = 15; // RTA_TABLE, u32
    public const ushort Via = 18; // RTA_VIA, struct rtvia: a gateway of the other family
    public const ushort Preference = 20; // RTA_PREF, u8
    public const ushort EncapsulationType = 21; // RTA_ENCAP_TYPE, u16
    public const ushort Encapsulation = 22; // RTA_ENCAP, nest
    public const ushort Expires = 23; // RTA_EXPIRES, u32: seconds
    public const ushort NexthopId = 30; // RTA_NH_ID, u32
}

/// <summary>RTPROT_*, linux/rtnetlink.h: who made a route.</summary>
internal static class RouteProtocol
{
    public const byte Redirect = 1; // RTPROT_REDIRECT
    public const byte Kernel = 2; // RTPROT_KERNEL
    public const byte RouterAdvertisement = 9; // RTPROT_RA
}

/// <summary>IFA_*, linux/if_addr.h: those that are used.</summary>
internal static class AddressAttribute
{
    public const ushort Address = 1; // IFA_ADDRESS: on a point-to-point link the other end's
    public const ushort Local = 2; // IFA_LOCAL: this end's; IPv6 sends it on point-to-point links only
    public const ushort Label = 3; // IFA_LABEL
    public const ushort Broadcast = 4; // IFA_BROADCAST
    public const ushort CacheInformation = 6; // IFA_CACHEINFO, struct ifa_cacheinfo
    public const ushort Flags = 8; // IFA_FLAGS, u32
    public const ushort Priority = 9; // IFA_RT_PRIORITY, u32: the metric of its connected route
    public const ushort Protocol = 11; // IFA_PROTO, u8
}

/// <summary>NHA_*, linux/nexthop.h: those that are used.</summary>
internal static class NexthopAttribute
{
    public const ushort Id = 1; // NHA_ID, u32
    public const ushort Group = 2; // NHA_GROUP, array of struct nexthop_grp
    public const ushort GroupType = 3; // NHA_GROUP_TYPE, u16
    public const ushort Blackhole = 4; // NHA_BLACKHOLE, flag
    public const ushort Link = 5; // NHA_OIF, u32
    public const ushort Gateway = 6; // NHA_GATEWAY
    public const ushort EncapsulationType = 7; // NHA_ENCAP_TYPE, u16
    public const ushort Encapsulation = 8; // NHA_ENCAP, nest
    public const ushort Fdb = 11; // NHA_FDB, flag
    public const ushort ResilientGroup = 12; // NHA_RES_GROUP, nest
}

/// <summary>FRA_*, linux/fib_rules.h: those that are used.</summary>
internal static class RuleAttribute
{
    public const ushort Destination = 1; // FRA_DST
    public const ushort Source = 2; // FRA_SRC
    public const ushort InputLink = 3; // FRA_IIFNAME
    public const ushort Priority = 6; // FRA_PRIORITY, u32
    public const ushort Table = 15; // FRA_TABLE, u32
    public const ushort OutputLink = 17; // FRA_OIFNAME
}
