using System.Runtime.InteropServices;

namespace OvsOffload.Netlink;

/// <summary>TCA_CLS_FLAGS_*, linux/pkt_cls.h.</summary>
[Flags]
internal enum FilterFlags : uint
{
    None = 0,

    /// <summary>It was asked to stay out of the NIC.</summary>
    SkipHardware = 0x1,

    /// <summary>It was asked to be in the NIC alone.</summary>
    SkipSoftware = 0x2,
    InHardware = 0x4,
    NotInHardware = 0x8,
    Verbose = 0x10,
}

/// <summary>Where the flower filters of a target are.</summary>
/// <param name="InHardware">At least one NIC took it.</param>
/// <param name="NotInHardware">No NIC took it.</param>
/// <param name="Unknown">The kernel says neither.</param>
internal readonly record struct FlowerCounts(long InHardware, long NotInHardware, long Unknown)
{
    public long Total => InHardware + NotInHardware + Unknown;

    public static FlowerCounts operator +(FlowerCounts left, FlowerCounts right) => new(
        left.InHardware + right.InHardware,
        left.NotInHardware + right.NotInHardware,
        left.Unknown + right.Unknown);
}

/// <summary>A flower filter, one rule of the datapath.</summary>
internal sealed record FlowerFilter
{
    /// <summary>Null for a filter of a shared block.</summary>
    public int? LinkIndex { get; init; }

    /// <summary>The shared block; null for a filter of one link.</summary>
    public uint? Block { get; init; }

    public uint Chain { get; init; }

    public ushort Priority { get; init; }

    /// <summary>The Ethernet type that it is for: 0x0800 IPv4.</summary>
    public ushort Protocol { get; init; }

    /// <summary>Its number among those of one priority.</summary>
    public uint Handle { get; init; }

    public FilterFlags Flags { get; init; }

    /// <summary>
    /// How many e-switches took it; a terse dump does not tell. 1 on a bond of two e-switches is a filter that works
    /// for one of them only.
    /// </summary>
    public uint? InHardwareCount { get; init; }

    /// <summary>The first action's cookie in hexadecimal; Open vSwitch puts the flow's 16-byte ufid there.</summary>
    public string? Cookie { get; init; }

    /// <summary>Null for an entry that is no flower filter.</summary>
    public static FlowerFilter? Read(NetlinkMessage message)
    {
        if (!FlowerMessage.TryRead(message, out FlowerMessage flower))
        {
            return null;
        }

        TrafficControlHeader header = MemoryMarshal.Read<TrafficControlHeader>(message.Payload);
        bool isShared = header.LinkIndex == TrafficControlHeader.SharedBlock;
        var filter = new FlowerFilter
        {
            LinkIndex = isShared ? null : header.LinkIndex,
            Block = isShared ? header.Parent : null,
            Chain = flower.Chain,
            Handle = header.Handle,

            // tcm_info: the priority, then the protocol in network byte order
            Priority = (ushort)(header.Info >> 16),
            Protocol = (ushort)((header.Info & 0xff) << 8 | header.Info >> 8 & 0xff),
        };
        AttributeReader reader = flower.Options;
        while (reader.Read())
        {
            filter = reader.Type switch
            {
                FlowerAttribute.Flags => filter with { Flags = (FilterFlags)reader.UInt32() },
                FlowerAttribute.InHardwareCount => filter with { InHardwareCount = reader.UInt32() },
                FlowerAttribute.Actions => filter with { Cookie = ReadCookie(reader.Nested()) },
                _ => filter,
            };
        }

        return filter;
    }

    private static string? ReadCookie(AttributeReader actions)
    {
        while (actions.Read())
        {
            AttributeReader action = actions.Nested();
            while (action.Read())
            {
                if (action.Type == FlowerAttribute.ActionCookie)
                {
                    return Convert.ToHexStringLower(action.Value);
                }
            }
        }

        return null;
    }
}

/// <summary>The parts of an RTM_NEWTFILTER that is a flower filter; makes no objects.</summary>
internal readonly ref struct FlowerMessage
{
    private FlowerMessage(AttributeReader options, uint chain)
    {
        Options = options;
        Chain = chain;
    }

    public AttributeReader Options { get; }

    public uint Chain { get; }

    /// <summary>
    /// False for a filter of another kind, and for the entry without options that stands for a priority as such.
    /// </summary>
    public static bool TryRead(NetlinkMessage message, out FlowerMessage flower)
    {
        bool isFlower = false;
        bool hasOptions = false;
        var options = default(AttributeReader);
        uint chain = 0u;
        var reader = new AttributeReader(message.Payload, TrafficControlHeader.Length, "filter");
        while (reader.Read())
        {
            switch (reader.Type)
            {
                case TrafficControlAttribute.Kind:
                    isFlower = reader.Value.TrimEnd((byte)0).SequenceEqual("flower"u8);
                    break;
                case TrafficControlAttribute.Options:
                    hasOptions = true;
                    options = reader.Nested();
                    break;
                case TrafficControlAttribute.Chain:
                    chain = reader.UInt32();
                    break;
            }
        }

        flower = new FlowerMessage(options, chain);
        return isFlower && hasOptions;
    }

    /// <summary>TCA_FLOWER_FLAGS.</summary>
    public FilterFlags ReadFlags()
    {
        AttributeReader reader = Options;
        while (reader.Read())
        {
            if (reader.Type == FlowerAttribute.Flags)
            {
                return (FilterFlags)reader.UInt32();
            }
        }

        return FilterFlags.None;
    }
}
