using System.Text;
using OvsOffload.Os;

namespace OvsOffload.Netlink;

/// <summary>
/// The features of links (ethtool over generic netlink, kernel 5.6 and later), so that no ethtool is spawned. Every
/// method throws <see cref="NetlinkException"/> when the kernel refuses or has no such interface. Safe for concurrent
/// use.
/// </summary>
/// <param name="channel">A channel of <see cref="NetlinkProtocol.Generic"/>.</param>
internal sealed class Ethtool(INetlinkChannel channel)
{
    /// <summary>NETIF_F_HW_TC in the kernel's words: the NIC may take tc filters.</summary>
    public const string TcOffload = "hw-tc-offload";

    private GenericNetlinkFamily? _family;

    /// <summary>One feature of one link; null when the link is not there.</summary>
    public async Task<LinkFeature?> FeatureAsync(
        LinkReference link,
        string feature,
        CancellationToken cancellationToken)
    {
        NetlinkMessageWriter message = (await BeginAsync(
            EthtoolConstants.FeaturesGet, NetlinkRequestFlags.Acknowledge, cancellationToken))
            .Nested(
                EthtoolConstants.FeaturesHeader | NetlinkMessageWriter.NestedFlag,
                header => header.Attribute(EthtoolConstants.HeaderIndex, link.Index));
        var request = new NetlinkRequest($"ethtool --show-features {feature}", link.ToString(), message);
        try
        {
            return await channel.GetAsync<LinkFeature?>(
                request, answer => LinkFeature.Read(answer.Payload, feature).Feature, cancellationToken);
        }
        catch (NetlinkException exception) when (exception.Errno == Errno.ENODEV)
        {
            return null;
        }
    }

    /// <summary>One feature of all links, by their index.</summary>
    public async Task<IReadOnlyDictionary<int, LinkFeature>> FeatureOfAllAsync(
        string feature,
        CancellationToken cancellationToken)
    {
        // Linux 6.1 refuses a dump without a header, though it be an empty one, with EINVAL; 6.12 does not.
        NetlinkMessageWriter message = (await BeginAsync(
            EthtoolConstants.FeaturesGet, NetlinkRequestFlags.Dump, cancellationToken))
            .Nested(EthtoolConstants.FeaturesHeader | NetlinkMessageWriter.NestedFlag, static _ => { });
        return await channel.DumpAsync(
            new NetlinkRequest($"ethtool --show-features {feature}", "", message),
            static () => new Dictionary<int, LinkFeature>(),
            (features, answer) =>
            {
                (LinkReference link, LinkFeature value) = LinkFeature.Read(answer.Payload, feature);
                features[link.Index] = value;
            },
            cancellationToken);
    }

    /// <summary>
    /// Switches a feature, and makes sure of it: the kernel acknowledges a change also where it did not make it, and
    /// says so in its answer only.
    /// </summary>
    /// <exception cref="LinkFeatureRefusedException">The feature is as it was.</exception>
    public async Task SetFeatureAsync(
        LinkReference link,
        string feature,
        bool isOn,
        CancellationToken cancellationToken)
    {
        NetlinkMessageWriter message = (await BeginAsync(
            EthtoolConstants.FeaturesSet, NetlinkRequestFlags.Acknowledge, cancellationToken))
            .Nested(
                EthtoolConstants.FeaturesHeader | NetlinkMessageWriter.NestedFlag,
                header => header.Attribute(EthtoolConstants.HeaderIndex, link.Index))
            .Nested(
                EthtoolConstants.FeaturesWanted | NetlinkMessageWriter.NestedFlag,
                wanted => WriteBit(wanted, feature, isOn));
        string word = isOn ? "on" : "off";
        var request = new NetlinkRequest($"ethtool --features {feature} {word}", link.ToString(), message);
        byte[] utf8Name = Encoding.UTF8.GetBytes(feature);
        if (await channel.GetAsync(request, answer => IsRefused(answer, utf8Name), cancellationToken))
        {
            throw new LinkFeatureRefusedException(request);
        }
    }

    private async Task<NetlinkMessageWriter> BeginAsync(
        byte command,
        NetlinkRequestFlags flags,
        CancellationToken cancellationToken)
    {
        _family ??= await GenericNetlink.FindFamilyAsync(channel, EthtoolConstants.FamilyName, cancellationToken);
        return _family is { } family
            ? GenericNetlink.Message(family.Id, command, EthtoolConstants.Version, flags)
            : throw new NetlinkException(
                "find generic netlink family", "ethtool (CONFIG_ETHTOOL_NETLINK, kernel 5.6)", Errno.ENOENT);
    }

    private static void WriteBit(NetlinkMessageWriter bitset, string name, bool isOn) =>
        bitset.Nested(
            EthtoolConstants.BitsetBits | NetlinkMessageWriter.NestedFlag,
            bits => bits.Nested(
                EthtoolConstants.BitsetBit | NetlinkMessageWriter.NestedFlag,
                bit =>
                {
                    bit.Attribute(EthtoolConstants.BitName, name);
                    if (isOn)
                    {
                        bit.Attribute(EthtoolConstants.BitValue, []);
                    }
                }));

    /// <summary>ETHTOOL_MSG_FEATURES_SET_REPLY lists as "wanted" what was asked for and not done.</summary>
    private static bool IsRefused(NetlinkMessage message, ReadOnlySpan<byte> name)
    {
        var reader = new AttributeReader(message.Payload, GenericNetlink.HeaderLength, "link features");
        while (reader.Read())
        {
            if (reader.Type == EthtoolConstants.FeaturesWanted)
            {
                return EthtoolBitset.Names(reader.Nested(), name);
            }
        }

        return false;
    }
}

/// <summary>
/// The kernel acknowledged the change of a feature and did not make it: it is fixed, or the driver refused.
/// </summary>
internal sealed class LinkFeatureRefusedException(NetlinkRequest request) : NetlinkException(
    request.Operation,
    request.ObjectName,
    Errno.EOPNOTSUPP,
    "the kernel did not change the feature: it is fixed, or the driver cannot change it now (see the kernel log)");
