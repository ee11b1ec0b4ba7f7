namespace OvsOffload.Netlink;

/// <summary>A security association of IPsec that a NIC handles.</summary>
/// <param name="DeviceIndex">The device that it is offloaded to: a NIC's, or a bond's.</param>
/// <param name="IsPacket">
/// Whether the NIC does all of it (<c>offload packet</c>), or the ciphers alone (<c>offload crypto</c>).
/// </param>
internal readonly record struct IpsecOffload(int DeviceIndex, bool IsPacket);

/// <summary>
/// The security associations of the own network namespace (linux/xfrm.h), those alone that a NIC handles. The kernel's
/// answers carry keys: nothing of them is kept but what <see cref="IpsecOffload"/> has. Safe for concurrent use.
/// </summary>
/// <param name="channel">A channel of <see cref="NetlinkProtocol.Ipsec"/>.</param>
internal sealed class IpsecStates(INetlinkChannel channel)
{
    /// <summary>How they are asked for, in the words of iproute2.</summary>
    public const string List = "ip xfrm state list";

    /// <summary>sizeof(struct xfrm_usersa_info), before the attributes: addresses, SPI, life times, counters.</summary>
    public const int HeaderLength = 224;

    /// <summary>XFRMA_OFFLOAD_DEV, struct xfrm_user_offload: s32 device, u8 flags, filled up to 8 bytes.</summary>
    public const ushort OffloadDevice = 28;

    /// <summary>XFRM_MSG_NEWSA, the type of an answer.</summary>
    public const ushort Association = 0x10;

    private const ushort GetAssociations = 0x12; // XFRM_MSG_GETSA
    private const byte Packet = 4; // XFRM_OFFLOAD_PACKET, linux/xfrm.h of 6.2

    /// <summary>Those that are offloaded, one entry each.</summary>
    /// <exception cref="NetlinkException">The kernel refused: it asks for CAP_NET_ADMIN.</exception>
    public Task<List<IpsecOffload>> OffloadedAsync(CancellationToken cancellationToken) => channel.DumpAsync(
        new NetlinkRequest(List, "", new NetlinkMessageWriter(GetAssociations, NetlinkRequestFlags.Dump)),
        static () => new List<IpsecOffload>(),
        static (found, answer) => Read(answer.Payload, found),
        cancellationToken);

    private static void Read(ReadOnlySpan<byte> payload, List<IpsecOffload> found)
    {
        const string Object = "IPsec security association";
        var reader = new AttributeReader(payload, HeaderLength, Object);
        while (reader.Read())
        {
            if (reader.Type == OffloadDevice)
            {
                ReadOnlySpan<byte> value = reader.Value;
                found.Add(value.Length > sizeof(int)
                    ? new IpsecOffload(BitConverter.ToInt32(value), (value[sizeof(int)] & Packet) != 0)
                    : throw new NetlinkMalformedException(Object, $"an offload of {value.Length} bytes"));
            }
        }
    }
}
