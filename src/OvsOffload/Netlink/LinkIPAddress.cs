using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace OvsOffload.Netlink;

/// <summary>An IP address of a link (RTM_NEWADDR).</summary>
/// <param name="LinkIndex">The link.</param>
/// <param name="Address">The local address.</param>
/// <param name="PrefixLength">In bits.</param>
internal sealed record LinkIPAddress(int LinkIndex, IPAddress Address, int PrefixLength)
{
    /// <summary>IFA_F_*, linux/if_addr.h.</summary>
    public uint Flags { get; init; }

    /// <summary>How long it is valid yet; null for ever.</summary>
    public TimeSpan? ValidFor { get; init; }

    /// <summary>IFAPROT_*, linux/if_addr.h: who added it; 0 where nobody said, or on a kernel before 5.18.</summary>
    public byte Protocol { get; init; }

    /// <summary>
    /// Whether the kernel made it of a router's advertisement, privacy addresses included: it says so since 5.18;
    /// before, such an address is the only one that has temporary ones and a connected route of the kernel.
    /// </summary>
    public bool IsFromRouter => Address.AddressFamily == AddressFamily.InterNetworkV6
        && (Protocol == RouterAdvertisement
            || (Protocol == 0 && ValidFor is not null && (Flags & (Temporary | ManagesTemporary)) != 0
                && (Flags & NoPrefixRoute) == 0));

    private const byte RouterAdvertisement = 2; // IFAPROT_KERNEL_RA
    private const uint Temporary = 0x1; // IFA_F_TEMPORARY
    private const uint ManagesTemporary = 0x100; // IFA_F_MANAGETEMPADDR

    /// <summary>IFA_F_NOPREFIXROUTE: the kernel makes no connected route for it.</summary>
    public const uint NoPrefixRoute = 0x200;

    public static LinkIPAddress Read(NetlinkMessage message) => Read(message.Payload);

    /// <param name="payload">struct ifaddrmsg and attributes.</param>
    public static LinkIPAddress Read(ReadOnlySpan<byte> payload)
    {
        var reader = new AttributeReader(payload, AddressHeader.Length, "address");
        AddressHeader header = MemoryMarshal.Read<AddressHeader>(payload);
        IPAddress? address = null;
        IPAddress? local = null;
        uint flags = header.Flags;
        TimeSpan? valid = null;
        byte protocol = 0;
        while (reader.Read())
        {
            switch (reader.Type)
            {
                case AddressAttribute.Address:
                    address = reader.IPAddress();
                    break;
                case AddressAttribute.Local:
                    local = reader.IPAddress();
                    break;
                case AddressAttribute.Flags:
                    flags = reader.UInt32();
                    break;
                case AddressAttribute.CacheInformation:
                    const uint forEver = uint.MaxValue; // INFINITY_LIFE_TIME, net/addrconf.h
                    uint seconds = reader.Structure<AddressLifetimes>().Valid;
                    valid = seconds == forEver ? null : TimeSpan.FromSeconds(seconds);
                    break;
                case AddressAttribute.Protocol:
                    protocol = reader.Byte();
                    break;
            }
        }

        return new LinkIPAddress(
            (int)header.Index,
            local ?? address ?? throw new NetlinkMalformedException("address", "empty"),
            header.PrefixLength)
        {
            Flags = flags,
            ValidFor = valid,
            Protocol = protocol,
        };
    }
}

/// <summary>struct ifaddrmsg, linux/if_addr.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct AddressHeader(byte Family, byte PrefixLength, byte Flags, byte Scope, uint Index)
{
    public const int Length = 8;
}

/// <summary>struct ifa_cacheinfo, linux/if_addr.h: seconds, and hundredths of seconds since boot.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct AddressLifetimes(uint Preferred, uint Valid, uint Created, uint Updated);
