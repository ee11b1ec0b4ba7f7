using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace OvsOffload.Netlink;

/// <summary>
/// Walks over netlink attributes (struct nlattr, linux/netlink.h): a 16-bit length that counts its own 4-byte header, a
/// 16-bit type, the value, padding to 4 bytes. Numbers are in the machine's byte order. Whatever does not fit throws
/// <see cref="NetlinkMalformedException"/> at once, so that half an object is never taken for a whole one.
/// </summary>
internal ref struct AttributeReader
{
    private const int HeaderLength = 4;
    private const ushort TypeMask = 0x3fff; // NLA_TYPE_MASK: without NLA_F_NESTED and NLA_F_NET_BYTEORDER

    private readonly string _reading;
    private ReadOnlySpan<byte> _rest;

    /// <param name="attributes">The attributes and nothing else.</param>
    /// <param name="reading">What is being read, for the message of a failure.</param>
    public AttributeReader(ReadOnlySpan<byte> attributes, string reading)
    {
        _rest = attributes;
        _reading = reading;
    }

    /// <summary>Skips a fixed header (such as struct ifinfomsg) in front of the attributes.</summary>
    public AttributeReader(ReadOnlySpan<byte> payload, int headerLength, string reading)
    {
        if (payload.Length < headerLength)
        {
            throw new NetlinkMalformedException(
                reading, $"{payload.Length} bytes, shorter than its header of {headerLength}");
        }

        _rest = payload[headerLength..];
        _reading = reading;
    }

    /// <summary>The current attribute's type, without its flags.</summary>
    public ushort Type { get; private set; }

    /// <summary>The current attribute's value, without padding.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Moves to the next attribute; false at the end.</summary>
    public bool Read()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        if (_rest.Length < HeaderLength)
        {
            throw new NetlinkMalformedException(_reading, $"{_rest.Length} stray bytes after the last attribute");
        }

        ushort length = MemoryMarshal.Read<ushort>(_rest);
        Type = (ushort)(MemoryMarshal.Read<ushort>(_rest[2..]) & TypeMask);
        if (length < HeaderLength || length > _rest.Length)
        {
            throw new NetlinkMalformedException(
                _reading, $"attribute {Type} claims {length} bytes where {_rest.Length} are left");
        }

        Value = _rest[HeaderLength..length];
        _rest = _rest[Math.Min(NetlinkMessage.Align(length), _rest.Length)..];
        return true;
    }

    public readonly byte Byte() => Number<byte>();

    public readonly ushort UInt16() => Number<ushort>();

    public readonly uint UInt32() => Number<uint>();

    public readonly int Int32() => Number<int>();

    public readonly ulong UInt64() => Number<ulong>();

    /// <summary>A string, up to its NUL if it has one.</summary>
    public readonly string String()
    {
        int end = Value.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? Value : Value[..end]);
    }

    /// <summary>
    /// A C structure of numbers. A longer value is a newer kernel's with more fields at its end; the rest is left.
    /// </summary>
    public readonly T Structure<T>()
        where T : unmanaged
    {
        int length = Unsafe.SizeOf<T>();
        return Value.Length >= length
            ? MemoryMarshal.Read<T>(Value)
            : throw new NetlinkMalformedException(
                _reading, $"attribute {Type} has {Value.Length} bytes, its structure at least {length}");
    }

    /// <summary>An IPv4 or IPv6 address, in network byte order.</summary>
    public readonly IPAddress IPAddress() =>
        Value.Length is 4 or 16
            ? new IPAddress(Value)
            : throw new NetlinkMalformedException(
                _reading, $"attribute {Type} has {Value.Length} bytes, no IP address");

    /// <summary>The current attribute's value as attributes.</summary>
    public readonly AttributeReader Nested() => new(Value, _reading);

    private readonly T Number<T>()
        where T : unmanaged
    {
        int length = Unsafe.SizeOf<T>();
        return Value.Length == length
            ? MemoryMarshal.Read<T>(Value)
            : throw new NetlinkMalformedException(
                _reading, $"attribute {Type} has {Value.Length} bytes where {length} are expected");
    }
}
