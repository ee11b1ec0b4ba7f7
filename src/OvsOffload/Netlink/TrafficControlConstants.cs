using System.Runtime.InteropServices;

namespace OvsOffload.Netlink;

/// <summary>struct tcmsg, linux/rtnetlink.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct TrafficControlHeader(
    byte Family, byte Padding1, ushort Padding2, int LinkIndex, uint Handle, uint Parent, uint Info)
{
    public const int Length = 20;

    /// <summary>TCM_IFINDEX_MAGIC_BLOCK: the parent is the number of a shared block.</summary>
    public const int SharedBlock = -1;

    public static TrafficControlHeader Of(int linkIndex, uint parent) => new(0, 0, 0, linkIndex, 0, parent, 0);
}

/// <summary>TCA_*, linux/rtnetlink.h: those that are used.</summary>
internal static class TrafficControlAttribute
{
    public const ushort Kind = 1; // TCA_KIND, string
    public const ushort Options = 2; // TCA_OPTIONS, nest by kind
    public const ushort Chain = 11; // TCA_CHAIN, u32
    public const ushort IngressBlock = 13; // TCA_INGRESS_BLOCK, u32
    public const ushort EgressBlock = 14; // TCA_EGRESS_BLOCK, u32
    public const ushort DumpFlags = 15; // TCA_DUMP_FLAGS, struct nla_bitfield32
}

/// <summary>TCA_FLOWER_* and TCA_ACT_*, linux/pkt_cls.h: those that are used.</summary>
internal static class FlowerAttribute
{
    public const ushort Actions = 3; // TCA_FLOWER_ACT, nest of nests
    public const ushort Flags = 22; // TCA_FLOWER_FLAGS, u32
    public const ushort InHardwareCount = 86; // TCA_FLOWER_IN_HW_COUNT, u32

    public const ushort ActionCookie = 6; // TCA_ACT_COOKIE, up to 16 bytes
}
