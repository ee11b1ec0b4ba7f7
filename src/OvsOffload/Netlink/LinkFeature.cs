using System.Text;

namespace OvsOffload.Netlink;

/// <summary>A feature of a link, such as <c>hw-tc-offload</c>.</summary>
/// <param name="IsActive">It is on.</param>
/// <param name="IsWanted">It was asked to be on; differs from active where something else forbids it.</param>
/// <param name="IsFixed">It cannot be changed: <c>[fixed]</c> in the words of <c>ethtool -k</c>.</param>
internal readonly record struct LinkFeature(bool IsActive, bool IsWanted, bool IsFixed)
{
    /// <summary>Reads one feature from the answer to ETHTOOL_MSG_FEATURES_GET.</summary>
    /// <param name="payload">Generic netlink header and attributes.</param>
    /// <param name="name">The feature.</param>
    public static (LinkReference Link, LinkFeature Feature) Read(ReadOnlySpan<byte> payload, string name)
    {
        LinkReference? link = null;
        var isActive = false;
        var isWanted = false;
        var isChangeable = false;
        var isNeverChanged = false;
        var utf8Name = Encoding.UTF8.GetBytes(name);
        var reader = new AttributeReader(payload, GenericNetlink.HeaderLength, "link features");
        while (reader.Read())
        {
            switch (reader.Type)
            {
                case EthtoolConstants.FeaturesHeader:
                    link = ReadLink(reader.Nested());
                    break;
                case EthtoolConstants.FeaturesActive:
                    isActive = Contains(reader.Nested(), utf8Name);
                    break;
                case EthtoolConstants.FeaturesWanted:
                    isWanted = Contains(reader.Nested(), utf8Name);
                    break;
                case EthtoolConstants.FeaturesHardware:
                    isChangeable = Contains(reader.Nested(), utf8Name);
                    break;
                case EthtoolConstants.FeaturesNoChange:
                    isNeverChanged = Contains(reader.Nested(), utf8Name);
                    break;
            }
        }

        return link is { } known
            ? (known, new LinkFeature(isActive, isWanted, !isChangeable || isNeverChanged))
            : throw new NetlinkMalformedException("link features", "they name no link");
    }

    /// <summary>
    /// True when a bitset names a bit. The features' sets are lists of the bits that are 1; the two in the answer to a
    /// change are lists of the bits that they are about. A compact set, which names nothing, is never asked for.
    /// </summary>
    public static bool Contains(AttributeReader bitset, ReadOnlySpan<byte> name)
    {
        var isFound = false;
        while (bitset.Read())
        {
            switch (bitset.Type)
            {
                case EthtoolConstants.BitsetBits:
                    isFound = HasBit(bitset.Nested(), name);
                    break;
                case EthtoolConstants.BitsetValue:
                    throw new NetlinkMalformedException("link features", "a set of bits without names");
            }
        }

        return isFound;
    }

    private static bool HasBit(AttributeReader bits, ReadOnlySpan<byte> name)
    {
        while (bits.Read())
        {
            var bit = bits.Nested();
            while (bit.Read())
            {
                if (bit.Type == EthtoolConstants.BitName && bit.Value.TrimEnd((byte)0).SequenceEqual(name))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static LinkReference ReadLink(AttributeReader reader)
    {
        int? index = null;
        var name = "";
        while (reader.Read())
        {
            switch (reader.Type)
            {
                case EthtoolConstants.HeaderIndex:
                    index = reader.Int32();
                    break;
                case EthtoolConstants.HeaderName:
                    name = reader.String();
                    break;
            }
        }

        return index is { } number
            ? new LinkReference(number, name)
            : throw new NetlinkMalformedException("link features", "their link has no index");
    }
}
