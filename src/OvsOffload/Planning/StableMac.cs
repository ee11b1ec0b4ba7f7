using System.Buffers.Binary;
using System.Net.NetworkInformation;
using System.Security.Cryptography;

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
    /// <param name="pf">The PF's permanent address, six bytes.</param>
    /// <param name="vf">The index, from 0.</param>
    public static PhysicalAddress Of(PhysicalAddress pf, int vf)
    {
        Span<byte> seed = stackalloc byte[10];
        pf.GetAddressBytes().CopyTo(seed);
        BinaryPrimitives.WriteInt32BigEndian(seed[6..], vf);
        byte[] address = SHA256.HashData(seed)[..6];
        address[0] = (byte)((address[0] & 0xfc) | 0x02);
        return new PhysicalAddress(address);
    }
}
