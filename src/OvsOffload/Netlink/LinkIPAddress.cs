using System.Net;
using System.Runtime.InteropServices;

namespace OvsOffload.Netlink;

/// <summary>An IP address of a link (RTM_NEWADDR).</summary>
/// <param name="LinkIndex">The link.</param>
/// <param name="Address">The local address.</param>
/// <param name="PrefixLength">In bits.</param>
internal sealed record LinkIPAddress(int LinkIndex, IPAddress Address, int PrefixLength)
{
    /// <summary>IFA_ADDRESS, linux/if_addr.h: on a point-to-point link the other end's.</summary>
    public const ushort AddressAttribute = 1;

    /// <summary>IFA_LOCAL, linux/if_addr.h: this end's; IPv6 sends it on point-to-point links only.</summary>
    public const ushort LocalAttribute = 2;

    public static LinkIPAddress Read(NetlinkMessage message) => Read(message.Payload);

    /// <param name="payload">struct ifaddrmsg and attributes.</param>
    public static LinkIPAddress Read(ReadOnlySpan<byte> payload)
    {
        var reader = new AttributeReader(payload, AddressHeader.Length, "address");
        var header = MemoryMarshal.Read<AddressHeader>(payload);
        IPAddress? address = null;
        IPAddress? local = null;
        while (reader.Read())
        {
            switch (reader.Type)
            {
                case AddressAttribute:
                    address = reader.IPAddress();
                    break;
                case LocalAttribute:
                    local = reader.IPAddress();
                    break;
            }
        }

        return new LinkIPAddress(
            (int)header.Index,
            local ?? address ?? throw new NetlinkMalformedException("address", "it is empty"),
            header.PrefixLength);
    }
}

/// <summary>struct ifaddrmsg, linux/if_addr.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct AddressHeader(byte Family, byte PrefixLength, byte Flags, byte Scope, uint Index)
{
    public const int Length = 8;
}
