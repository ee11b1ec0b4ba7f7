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
    public const ushort GetRoute = 26; // RTM_GETROUTE
    public const ushort NewQdisc = 36; // RTM_NEWQDISC
    public const ushort GetQdisc = 38; // RTM_GETQDISC
    public const ushort NewFilter = 44; // RTM_NEWTFILTER
    public const ushort GetFilter = 46; // RTM_GETTFILTER
    public const ushort NewStatistics = 92; // RTM_NEWSTATS
    public const ushort GetStatistics = 94; // RTM_GETSTATS
    public const ushort NewLinkProperty = 108; // RTM_NEWLINKPROP
    public const ushort DeleteLinkProperty = 109; // RTM_DELLINKPROP
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
