using System.Net;
using System.Text;
using OvsOffload.Netlink;
using static OvsOffload.Testing.Bytes;

namespace OvsOffload.Testing;

/// <summary>Security associations of IPsec as the kernel tells them, keys and all (linux/xfrm.h).</summary>
internal static class IpsecAnswers
{
    /// <summary>The key of each, and its peer.</summary>
    public const string Key = "sixteen secret bytes";

    public static IPAddress Peer { get; } = IPAddress.Parse("203.0.113.77");

    private const ushort Aead = 18; // XFRMA_ALG_AEAD

    /// <summary>One that no NIC has a part in.</summary>
    public static IEnumerable<byte[]> InSoftware(byte[] request) => [Association(), Done()];

    /// <summary>An association; where <paramref name="device"/> is given, offloaded to it with these flags.</summary>
    public static byte[] Association(int? device = null, byte flags = 0)
    {
        byte[] header = new byte[IpsecStates.HeaderLength];
        Peer.GetAddressBytes().CopyTo(header, 56); // sel, then id.daddr
        byte[] algorithm = new byte[64 + 8]; // struct xfrm_algo_aead: name, key length in bits, length of the check
        Encoding.ASCII.GetBytes("rfc4106(gcm(aes))").CopyTo(algorithm, 0);
        return Message(
            IpsecStates.Association,
            2,
            [
                header, Attribute(Aead, [.. algorithm, .. Encoding.ASCII.GetBytes(Key)]),
                .. device is { } index
                    ? new[] { Attribute(IpsecStates.OffloadDevice, [.. Int32(index), flags, 0, 0, 0]) }
                    : [],
            ]);
    }
}
