using System.Buffers;
using System.Runtime.InteropServices;

namespace OvsOffload.Netlink;

/// <summary>
/// A list of struct rtnexthop, linux/rtnetlink.h: u16 length with its attributes, u8 flags, u8 weight less one, s32
/// link; then attributes.
/// </summary>
internal static class RouteHops
{
    /// <summary>The length of the structure.</summary>
    public const int HeaderLength = 8;

    /// <summary>Takes the next hop off a list, its structure included; false at its end.</summary>
    /// <exception cref="NetlinkMalformedException">A length does not fit.</exception>
    public static bool TryTake(ref ReadOnlySpan<byte> list, out ReadOnlySpan<byte> hop)
    {
        hop = default;
        if (list.IsEmpty)
        {
            return false;
        }

        int length = list.Length >= HeaderLength ? MemoryMarshal.Read<ushort>(list) : 0;
        if (length < HeaderLength || length > list.Length)
        {
            throw new NetlinkMalformedException("route", $"a hop claims {length} bytes where {list.Length} are left");
        }

        hop = list[..length];
        list = list[Math.Min(NetlinkMessage.Align(length), list.Length)..];
        return true;
    }

    /// <summary>Where in a list its hops begin.</summary>
    /// <exception cref="NetlinkMalformedException">A length does not fit.</exception>
    public static List<int> Places(ReadOnlySpan<byte> list)
    {
        var places = new List<int>();
        ReadOnlySpan<byte> rest = list;
        int place = 0;
        while (TryTake(ref rest, out _))
        {
            places.Add(place);
            place = list.Length - rest.Length;
        }

        return places;
    }

    /// <summary>Adds a hop to a list.</summary>
    /// <param name="list">The list.</param>
    /// <param name="fields">Six bytes: flags, weight less one, link.</param>
    /// <param name="attributes">Its attributes, padded.</param>
    public static void Append(ArrayBufferWriter<byte> list, ReadOnlySpan<byte> fields, ReadOnlySpan<byte> attributes)
    {
        Span<byte> length = list.GetSpan(2);
        MemoryMarshal.Write(length, checked((ushort)(HeaderLength + attributes.Length)));
        list.Advance(2);
        list.Write(fields[..6]);
        list.Write(attributes);
    }
}
