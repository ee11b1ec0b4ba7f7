using System.Runtime.InteropServices;
using System.Text;

namespace OvsOffload.Testing;

/// <summary>Makes and changes messages byte by byte.</summary>
internal static class Bytes
{
    public static byte[] FromHex(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)
        .Replace("\n", "", StringComparison.Ordinal));

    public static byte[] Message(ushort type, ushort flags, params byte[][] payload)
    {
        byte[] body = payload.SelectMany(part => part).ToArray();
        byte[] message = new byte[16 + body.Length + 3 & ~3];
        MemoryMarshal.Write(message, (uint)(16 + body.Length));
        MemoryMarshal.Write(message.AsSpan(4), type);
        MemoryMarshal.Write(message.AsSpan(6), flags);
        body.CopyTo(message, 16);
        return message;
    }

    public static byte[] Attribute(ushort type, params byte[] value)
    {
        byte[] attribute = new byte[4 + value.Length + 3 & ~3];
        MemoryMarshal.Write(attribute, (ushort)(4 + value.Length));
        MemoryMarshal.Write(attribute.AsSpan(2), type);
        value.CopyTo(attribute, 4);
        return attribute;
    }

    public static byte[] Text(ushort type, string value) => Attribute(type, [.. Encoding.UTF8.GetBytes(value), 0]);

    public static byte[] Nest(ushort type, params byte[][] attributes) =>
        Attribute(type, [.. attributes.SelectMany(attribute => attribute)]);

    public static byte[] Int32(int value) => BitConverter.GetBytes(value);

    public static byte[] UInt16(ushort value) => BitConverter.GetBytes(value);

    /// <summary>NLMSG_ERROR with error 0: the acknowledgement.</summary>
    public static byte[] Acknowledgement(params byte[][] attributes) => Error(0, attributes);

    /// <summary>NLMSG_ERROR with NLM_F_CAPPED, and NLM_F_ACK_TLVS where there are attributes.</summary>
    public static byte[] Error(int errno, params byte[][] attributes) =>
        Message(2, (ushort)(attributes.Length > 0 ? 0x300 : 0x100), [Int32(-errno), new byte[16], .. attributes]);

    /// <summary>NLMSG_DONE.</summary>
    public static byte[] Done(ushort flags = 2) => Message(3, flags, Int32(0));

    public static byte[] Datagram(params byte[][] messages) => [.. messages.SelectMany(message => message)];

    /// <summary>The datagram with a sequence number in each message whose header can be read.</summary>
    public static byte[] WithSequence(byte[] datagram, uint sequence)
    {
        byte[] copy = datagram.ToArray();
        for (int offset = 0; offset + 16 <= copy.Length;)
        {
            MemoryMarshal.Write(copy.AsSpan(offset + 8), sequence);
            uint length = MemoryMarshal.Read<uint>(copy.AsSpan(offset));
            offset += length is >= 16 and < int.MaxValue - 3 ? (int)length + 3 & ~3 : copy.Length;
            if (offset < 0)
            {
                break;
            }
        }

        return copy;
    }
}
