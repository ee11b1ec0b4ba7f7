using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace OvsOffload.Netlink;

/// <summary>
/// Builds one netlink message: header, a fixed part, attributes. The message's length is right after every call, so
/// <see cref="ToArray"/> may be called at any time outside a nest.
/// </summary>
internal sealed class NetlinkMessageWriter
{
    /// <summary>NLA_F_NESTED, linux/netlink.h. devlink, ethtool and VF info want it on their nests.</summary>
    public const ushort NestedFlag = 0x8000;

    private readonly ArrayBufferWriter<byte> _buffer = new(256);

    /// <param name="type">nlmsg_type.</param>
    /// <param name="flags">nlmsg_flags; NLM_F_REQUEST is added.</param>
    public NetlinkMessageWriter(ushort type, NetlinkRequestFlags flags)
    {
        Span<byte> header = Append(NetlinkMessage.HeaderLength);
        MemoryMarshal.Write(header[4..], type);
        MemoryMarshal.Write(header[6..], (ushort)(flags | NetlinkRequestFlags.Request));
    }

    /// <summary>The fixed part behind the header, such as struct ifinfomsg.</summary>
    public NetlinkMessageWriter Fixed<T>(in T value)
        where T : unmanaged
    {
        MemoryMarshal.Write(Append(Unsafe.SizeOf<T>()), value);
        return this;
    }

    public NetlinkMessageWriter Attribute(ushort type, byte value) => Attribute(type, [value]);

    public NetlinkMessageWriter Attribute(ushort type, ushort value) => Number(type, value);

    public NetlinkMessageWriter Attribute(ushort type, uint value) => Number(type, value);

    public NetlinkMessageWriter Attribute(ushort type, int value) => Number(type, value);

    public NetlinkMessageWriter Attribute(ushort type, ulong value) => Number(type, value);

    /// <summary>A string with its NUL.</summary>
    public NetlinkMessageWriter Attribute(ushort type, string value) =>
        Attribute(type, [.. Encoding.UTF8.GetBytes(value), 0]);

    /// <summary>A value of raw bytes; an empty one is a flag that is set.</summary>
    public NetlinkMessageWriter Attribute(ushort type, ReadOnlySpan<byte> value)
    {
        int length = 4 + value.Length;
        if (length > ushort.MaxValue)
        {
            throw new ArgumentException($"an attribute holds at most 65531 bytes, not {value.Length}", nameof(value));
        }

        Span<byte> attribute = Append(length);
        MemoryMarshal.Write(attribute, (ushort)length);
        MemoryMarshal.Write(attribute[2..], type);
        value.CopyTo(attribute[4..]);
        return this;
    }

    /// <summary>A C structure of numbers.</summary>
    public NetlinkMessageWriter Structure<T>(ushort type, in T value)
        where T : unmanaged
        => Attribute(type, MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));

    /// <summary>An attribute that holds attributes, which <paramref name="content"/> writes.</summary>
    /// <param name="type">The type, with <see cref="NestedFlag"/> where the kernel's tools set it.</param>
    /// <param name="content">Writes to this same writer.</param>
    public NetlinkMessageWriter Nested(ushort type, Action<NetlinkMessageWriter> content)
    {
        int start = _buffer.WrittenCount;
        Attribute(type, []);
        content(this);
        MemoryMarshal.Write(Written(start), checked((ushort)(_buffer.WrittenCount - start)));
        return this;
    }

    /// <summary>The message. Its sequence number and port are 0.</summary>
    public byte[] ToArray()
    {
        MemoryMarshal.Write(Written(0), (uint)_buffer.WrittenCount);
        return _buffer.WrittenSpan.ToArray();
    }

    private NetlinkMessageWriter Number<T>(ushort type, T value)
        where T : unmanaged
        => Structure(type, value);

    private Span<byte> Written(int start) => MemoryMarshal.AsMemory(_buffer.WrittenMemory).Span[start..];

    /// <summary>Adds zeroed bytes, padded to 4.</summary>
    private Span<byte> Append(int length)
    {
        int padded = NetlinkMessage.Align(length);
        Span<byte> span = _buffer.GetSpan(padded)[..padded];
        span.Clear();
        _buffer.Advance(padded);
        return span[..length];
    }
}
