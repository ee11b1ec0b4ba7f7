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
        bool isActive = false;
        bool isWanted = false;
        bool isChangeable = false;
        bool isNeverChanged = false;
        byte[] utf8Name = Encoding.UTF8.GetBytes(name);
        var reader = new AttributeReader(payload, GenericNetlink.HeaderLength, "link features");
        while (reader.Read())
        {
            switch (reader.Type)
            {
                case EthtoolConstants.FeaturesHeader:
                    link = ReadLink(reader.Nested());
                    break;
                case EthtoolConstants.FeaturesActive:
                    isActive = EthtoolBitset.IsSet(reader.Nested(), utf8Name);
                    break;
                case EthtoolConstants.FeaturesWanted:
                    isWanted = EthtoolBitset.IsSet(reader.Nested(), utf8Name);
                    break;
                case EthtoolConstants.FeaturesHardware:
                    isChangeable = EthtoolBitset.IsSet(reader.Nested(), utf8Name);
                    break;
                case EthtoolConstants.FeaturesNoChange:
                    isNeverChanged = EthtoolBitset.IsSet(reader.Nested(), utf8Name);
                    break;
            }
        }

        return link is { } known
            ? (known, new LinkFeature(isActive, isWanted, !isChangeable || isNeverChanged))
            : throw new NetlinkMalformedException("link features", "they name no link");
    }

    private static LinkReference ReadLink(AttributeReader reader)
    {
        int? index = null;
        string name = "";
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
