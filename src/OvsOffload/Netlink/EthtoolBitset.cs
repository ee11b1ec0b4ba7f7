namespace OvsOffload.Netlink;

/// <summary>
/// A set of named bits (ETHTOOL_A_BITSET_*, linux/ethtool_netlink.h). A set without mask (NOMASK) lists the bits that
/// are 1. A set with a mask lists the bits that it is about, and marks those of them that are 1. A compact set, which
/// names nothing, is never asked for, and refused.
/// </summary>
internal static class EthtoolBitset
{
    /// <summary>True when the bit is 1.</summary>
    public static bool IsSet(AttributeReader bitset, ReadOnlySpan<byte> name) =>
        Find(bitset, name) is { } bit && (bit.IsMarked || !bit.HasMask);

    /// <summary>True when the set is about the bit, whatever its value.</summary>
    public static bool Names(AttributeReader bitset, ReadOnlySpan<byte> name) => Find(bitset, name) is not null;

    private static Bit? Find(AttributeReader bitset, ReadOnlySpan<byte> name)
    {
        bool hasMask = true;
        bool isListed = false;
        bool isMarked = false;
        while (bitset.Read())
        {
            switch (bitset.Type)
            {
                case EthtoolConstants.BitsetNoMask:
                    hasMask = false;
                    break;
                case EthtoolConstants.BitsetBits:
                    AttributeReader bits = bitset.Nested();
                    while (bits.Read())
                    {
                        if (HasName(bits.Nested(), name, out bool hasValue))
                        {
                            isListed = true;
                            isMarked = hasValue;
                        }
                    }

                    break;
                case EthtoolConstants.BitsetValue:
                    throw new NetlinkMalformedException("link features", "a set of bits without names");
            }
        }

        return isListed ? new Bit(isMarked, hasMask) : null;
    }

    private static bool HasName(AttributeReader bit, ReadOnlySpan<byte> name, out bool hasValue)
    {
        bool hasName = false;
        hasValue = false;
        while (bit.Read())
        {
            switch (bit.Type)
            {
                case EthtoolConstants.BitName:
                    hasName = bit.Value.TrimEnd((byte)0).SequenceEqual(name);
                    break;
                case EthtoolConstants.BitValue:
                    hasValue = true;
                    break;
            }
        }

        return hasName;
    }

    private readonly record struct Bit(bool IsMarked, bool HasMask);
}
