using System.Buffers;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using OvsOffload.Netlink;

namespace OvsOffload.Bundles;

/// <summary>
/// Masks answers of the kernel. Of each message only the attributes that this program knows are kept
/// (<see cref="NetlinkParts"/>); those with addresses, identities and names get pseudonyms.
/// </summary>
internal sealed class MaskedNetlink(Pseudonyms pseudonyms, MaskedText text)
{
    private const ushort TypeMask = 0x3fff; // NLA_TYPE_MASK, linux/netlink.h

    /// <summary>The exchange with pseudonyms in its request and its reply.</summary>
    public NetlinkRecord Of(NetlinkRecord exchange) => exchange with
    {
        NetworkNamespace = exchange.NetworkNamespace is null ? null : text.Of(exchange.NetworkNamespace),
        Operation = text.Of(exchange.Operation),
        ObjectName = text.Of(exchange.ObjectName),
        Request = Messages(exchange, exchange.Request, isReply: false),
        Reply = Messages(exchange, exchange.Reply, isReply: true),
    };

    /// <summary>One message's attributes without those that are not kept.</summary>
    public static byte[] Filter(ReadOnlySpan<byte> payload, int header, NetlinkPart part)
    {
        var output = new ArrayBufferWriter<byte>(payload.Length + 1);
        output.Write(payload[..Math.Min(header, payload.Length)]);
        var pseudonyms = new Pseudonyms();
        new MaskedNetlink(pseudonyms, new MaskedText(pseudonyms))
            .Attributes(output, payload[Math.Min(header, payload.Length)..], part, isReply: true);
        return output.WrittenSpan.ToArray();
    }

    private byte[] Messages(NetlinkRecord exchange, ReadOnlySpan<byte> messages, bool isReply)
    {
        using var output = new MemoryStream();
        while (NetlinkMessage.TryTake(ref messages, out NetlinkMessage message))
        {
            if (message.Type is NetlinkControlType.Done)
            {
                NetlinkReply.Append(output, message.Type, (ushort)message.Flags, message.Payload);
                continue;
            }

            (int header, NetlinkPart part) = NetlinkParts.Of(exchange.Protocol, exchange.Operation, message.Type);
            header = Math.Min(header, message.Payload.Length);
            var payload = new ArrayBufferWriter<byte>(Math.Max(1, message.Payload.Length));
            payload.Write(message.Payload[..header]);
            Attributes(payload, message.Payload[header..], part, isReply);
            NetlinkReply.Append(output, message.Type, (ushort)message.Flags, payload.WrittenSpan);
        }

        return output.ToArray();
    }

    /// <summary>Copies attributes that are known; of a request also the others, for it is this program's own.</summary>
    private void Attributes(
        ArrayBufferWriter<byte> output, ReadOnlySpan<byte> attributes, NetlinkPart known, bool isReply)
    {
        while (attributes.Length >= 4)
        {
            ushort length = MemoryMarshal.Read<ushort>(attributes);
            ushort type = MemoryMarshal.Read<ushort>(attributes[2..]);
            if (length < 4 || length > attributes.Length)
            {
                return;
            }

            NetlinkPart? part = known.Find((ushort)(type & TypeMask)) ?? (isReply ? null : NetlinkPart.Plain);
            if (part is not null)
            {
                var value = new ArrayBufferWriter<byte>(length);
                Value(value, attributes[4..length], part, isReply);
                NetlinkReply.Append(output, type, value.WrittenSpan);
            }

            attributes = attributes[Math.Min(NetlinkMessage.Align(length), attributes.Length)..];
        }
    }

    private void Value(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> value, NetlinkPart part, bool isReply)
    {
        switch (part.Kind)
        {
            case NetlinkPartKind.Plain:
                output.Write(value);
                break;
            case NetlinkPartKind.Hardware:
                output.Write(pseudonyms.Hardware(value));
                break;
            case NetlinkPartKind.VfAddress when value.Length >= 10:
                // struct ifla_vf_mac: u32 vf, 32 bytes of which the first six are an Ethernet address.
                output.Write(value[..4]);
                output.Write(pseudonyms.Hardware(value[4..10]));
                output.Write(new byte[value.Length - 10]);
                break;
            case NetlinkPartKind.IP:
                output.Write(IP(value));
                break;
            case NetlinkPartKind.Via when value.Length > 2:
                output.Write(value[..2]);
                output.Write(IP(value[2..]));
                break;
            case NetlinkPartKind.Text:
                output.Write(Encoding.UTF8.GetBytes(text.Of(Encoding.UTF8.GetString(value.TrimEnd((byte)0))) + "\0"));
                break;
            case NetlinkPartKind.Identity:
                output.Write(
                    Encoding.UTF8.GetBytes(pseudonyms.Word(Encoding.UTF8.GetString(value.TrimEnd((byte)0))) + "\0"));
                break;
            case NetlinkPartKind.Nest:
                Attributes(output, value, part, isReply);
                break;
            case NetlinkPartKind.Information:
                Attributes(
                    output, value,
                    NetlinkParts.Information(
                        TextOf(value, LinkAttribute.InformationKind), TextOf(
                            value, LinkAttribute.InformationSlaveKind)),
                    isReply);
                break;
            case NetlinkPartKind.Hops:
                Hops(output, value, part, isReply);
                break;
        }
    }

    /// <summary>The text of an attribute; empty where there is none.</summary>
    private static string TextOf(ReadOnlySpan<byte> attributes, ushort type)
    {
        while (attributes.Length >= 4 && MemoryMarshal.Read<ushort>(attributes) is var length
            && length >= 4 && length <= attributes.Length)
        {
            if (MemoryMarshal.Read<ushort>(attributes[2..]) == type)
            {
                return Encoding.UTF8.GetString(attributes[4..length].TrimEnd((byte)0));
            }

            attributes = attributes[Math.Min(NetlinkMessage.Align(length), attributes.Length)..];
        }

        return "";
    }

    /// <summary>struct rtnexthop: u16 length, u8 flags, u8 weight, s32 link; attributes.</summary>
    private void Hops(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> hops, NetlinkPart part, bool isReply)
    {
        const int HeaderLength = 8;
        while (hops.Length >= HeaderLength && MemoryMarshal.Read<ushort>(hops) is var length
            && length >= HeaderLength && length <= hops.Length)
        {
            var attributes = new ArrayBufferWriter<byte>(length);
            Attributes(attributes, hops[HeaderLength..length], part, isReply);
            byte[] header = hops[..HeaderLength].ToArray();
            MemoryMarshal.Write(header.AsSpan(), (ushort)(HeaderLength + attributes.WrittenCount));
            output.Write(header);
            output.Write(attributes.WrittenSpan);
            hops = hops[Math.Min(NetlinkMessage.Align(length), hops.Length)..];
        }
    }

    private byte[] IP(ReadOnlySpan<byte> value) => value.Length is 4 or 16
        ? pseudonyms.Address(new IPAddress(value)).GetAddressBytes()
        : [];
}
