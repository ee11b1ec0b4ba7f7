using System.Buffers;
using System.Text;
using OvsOffload.Netlink;

namespace OvsOffload.Bundles;

/// <summary>Shortens the answer to ETHTOOL_MSG_FEATURES_GET (linux/ethtool_netlink.h). Pure.</summary>
internal static class FeatureAnswer
{
    /// <summary>The answer with the bits of one feature and no others.</summary>
    /// <exception cref="NetlinkMalformedException">The answer is cut.</exception>
    public static byte[] Filter(ReadOnlySpan<byte> payload, string feature)
    {
        byte[] name = Encoding.UTF8.GetBytes(feature);
        var output = new ArrayBufferWriter<byte>(256);
        output.Write(payload[..Math.Min(GenericNetlink.HeaderLength, payload.Length)]);
        var reader = new AttributeReader(payload, GenericNetlink.HeaderLength, "link features");
        while (reader.Read())
        {
            if (reader.Type is < EthtoolConstants.FeaturesHardware or > EthtoolConstants.FeaturesNoChange)
            {
                NetlinkReply.Append(output, reader.Type, reader.Value);
                continue;
            }

            var set = new ArrayBufferWriter<byte>(64);
            AttributeReader parts = reader.Nested();
            while (parts.Read())
            {
                NetlinkReply.Append(
                    set, parts.Type,
                    parts.Type == EthtoolConstants.BitsetBits ? Bits(parts.Nested(), name) : parts.Value);
            }

            NetlinkReply.Append(output, reader.Type, set.WrittenSpan);
        }

        return output.WrittenSpan.ToArray();
    }

    private static ReadOnlySpan<byte> Bits(AttributeReader bits, ReadOnlySpan<byte> name)
    {
        var kept = new ArrayBufferWriter<byte>(64);
        while (bits.Read())
        {
            AttributeReader bit = bits.Nested();
            while (bit.Read())
            {
                if (bit.Type == EthtoolConstants.BitName && bit.Value.TrimEnd((byte)0).SequenceEqual(name))
                {
                    NetlinkReply.Append(kept, bits.Type, bits.Value);
                }
            }
        }

        return kept.WrittenSpan;
    }
}
