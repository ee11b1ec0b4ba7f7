namespace OvsOffload.Netlink;

/// <summary>What a bond says of itself.</summary>
/// <param name="Options">All its settings.</param>
/// <param name="Aggregator">The active aggregator; null in modes other than 802.3ad.</param>
internal sealed record Bond(BondOptions Options, BondAggregator? Aggregator)
{
    /// <summary>IFLA_INFO_KIND of a bond, IFLA_INFO_SLAVE_KIND of its slaves.</summary>
    public const string LinkKind = "bond";

    public static Bond Read(AttributeReader reader)
    {
        var options = new BondOptions();
        BondAggregator? aggregator = null;
        while (reader.Read())
        {
            if (reader.Type == BondAttribute.AggregatorInformation)
            {
                aggregator = BondAggregator.Read(reader.Nested());
            }
            else
            {
                options = options.With(reader);
            }
        }

        return new Bond(options, aggregator);
    }
}

/// <summary>IFLA_BOND_AD_INFO, linux/if_link.h: the active aggregator of an LACP bond.</summary>
/// <param name="Id">Number of the aggregator; the slaves tell to which one they belong.</param>
/// <param name="Ports">How many slaves it has.</param>
/// <param name="ActorKey">LACP key of this side.</param>
/// <param name="PartnerKey">LACP key of the switch.</param>
/// <param name="PartnerAddress">The switch; all zero while no LACP partner answers.</param>
internal sealed record BondAggregator(
    ushort Id, ushort Ports, ushort ActorKey, ushort PartnerKey, HardwareAddress PartnerAddress)
{
    private const ushort IdAttribute = 1; // IFLA_BOND_AD_INFO_AGGREGATOR, u16
    private const ushort PortsAttribute = 2; // IFLA_BOND_AD_INFO_NUM_PORTS, u16
    private const ushort ActorKeyAttribute = 3; // IFLA_BOND_AD_INFO_ACTOR_KEY, u16
    private const ushort PartnerKeyAttribute = 4; // IFLA_BOND_AD_INFO_PARTNER_KEY, u16
    private const ushort PartnerAddressAttribute = 5; // IFLA_BOND_AD_INFO_PARTNER_MAC, 6 bytes

    public static BondAggregator Read(AttributeReader reader)
    {
        var aggregator = new BondAggregator(0, 0, 0, 0, default);
        while (reader.Read())
        {
            aggregator = reader.Type switch
            {
                IdAttribute => aggregator with { Id = reader.UInt16() },
                PortsAttribute => aggregator with { Ports = reader.UInt16() },
                ActorKeyAttribute => aggregator with { ActorKey = reader.UInt16() },
                PartnerKeyAttribute => aggregator with { PartnerKey = reader.UInt16() },
                PartnerAddressAttribute =>
                    aggregator with { PartnerAddress = new HardwareAddress(reader.Value) },
                _ => aggregator,
            };
        }

        return aggregator;
    }
}
