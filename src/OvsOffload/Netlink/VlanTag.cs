namespace OvsOffload.Netlink;

/// <summary>What a VLAN device puts on packets (IFLA_VLAN_*, linux/if_link.h).</summary>
/// <param name="Id">1 to 4094.</param>
/// <param name="Protocol">The Ethernet type of the tag: 0x8100 (802.1Q) or 0x88a8 (802.1ad).</param>
internal sealed record VlanTag(ushort Id, ushort Protocol)
{
    /// <summary>IFLA_INFO_KIND of a VLAN device.</summary>
    public const string LinkKind = "vlan";

    private const ushort IdAttribute = 1; // IFLA_VLAN_ID, u16
    private const ushort ProtocolAttribute = 5; // IFLA_VLAN_PROTOCOL, be16
    private const ushort Ieee8021Q = 0x8100; // ETH_P_8021Q, linux/if_ether.h

    public static VlanTag Read(AttributeReader reader)
    {
        var tag = new VlanTag(0, Ieee8021Q);
        while (reader.Read())
        {
            tag = reader.Type switch
            {
                IdAttribute => tag with { Id = reader.UInt16() },
                ProtocolAttribute => tag with { Protocol = Swap(reader.UInt16()) },
                _ => tag,
            };
        }

        return tag;
    }

    public void Write(NetlinkMessageWriter message) =>
        message.Attribute(IdAttribute, Id).Attribute(ProtocolAttribute, Swap(Protocol));

    private static ushort Swap(ushort number) => BitConverter.IsLittleEndian
        ? (ushort)((number << 8) | (number >> 8))
        : number;
}
