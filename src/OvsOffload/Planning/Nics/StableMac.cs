using System.Buffers.Binary;
using System.Security.Cryptography;
using OvsOffload.Netlink;

namespace OvsOffload.Planning;

/// <summary>
/// MAC addresses of VFs that are the same after every boot: a function of the PF's own address and the VF's index.
/// </summary>
internal static class StableMac
{
    /// <summary>
    /// The address of one VF: unicast and locally administered (bits 0x01 and 0x02 of the first byte, IEEE 802),
    /// the other 46 bits from SHA-256 of the PF's address and the index, so that hosts do not collide.
    /// </summary>
    /// <param name="pf">The PF's permanent address.</param>
    /// <param name="vf">The index, from 0.</param>
    public static HardwareAddress Of(HardwareAddress pf, int vf) => Of(pf.ToBytes(), vf);

    /// <summary>The same from any seed.</summary>
    public static HardwareAddress Of(ReadOnlySpan<byte> seed, int vf)
    {
        byte[] text = new byte[seed.Length + sizeof(int)];
        seed.CopyTo(text);
        BinaryPrimitives.WriteInt32BigEndian(text.AsSpan(seed.Length), vf);
        byte[] address = SHA256.HashData(text)[..6];
        address[0] = (byte)((address[0] & 0xfc) | 0x02);
        return new HardwareAddress(address);
    }
}
