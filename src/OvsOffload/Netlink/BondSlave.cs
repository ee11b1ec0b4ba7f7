namespace OvsOffload.Netlink;

/// <summary>BOND_STATE_*, linux/if_bonding.h.</summary>
internal enum BondSlaveState : byte
{
    Active = 0,
    Backup = 1,
}

/// <summary>BOND_LINK_*, linux/if_bonding.h: the carrier as the bond sees it, with its delays.</summary>
internal enum BondSlaveLink : byte
{
    Up = 0,
    GoingDown = 1, // BOND_LINK_FAIL
    Down = 2,
    GoingUp = 3, // BOND_LINK_BACK
}

/// <summary>LACP_STATE_*, linux/if_bonding.h.</summary>
[Flags]
internal enum LacpState : byte
{
    None = 0,
    Activity = 0x1,
    Timeout = 0x2,
    Aggregation = 0x4,
    Synchronization = 0x8,
    Collecting = 0x10,
    Distributing = 0x20,

    /// <summary>No LACP packet came from a partner; defaults are used.</summary>
    Defaulted = 0x40,
    Expired = 0x80,
}

/// <summary>What a slave says of its place in the bond (IFLA_BOND_SLAVE_*, linux/if_link.h).</summary>
internal sealed record BondSlave
{
    private const ushort StateAttribute = 1; // IFLA_BOND_SLAVE_STATE, u8
    private const ushort LinkAttribute = 2; // IFLA_BOND_SLAVE_MII_STATUS, u8
    private const ushort FailuresAttribute = 3; // IFLA_BOND_SLAVE_LINK_FAILURE_COUNT, u32
    private const ushort PermanentAddressAttribute = 4; // IFLA_BOND_SLAVE_PERM_HWADDR
    private const ushort QueueIdAttribute = 5; // IFLA_BOND_SLAVE_QUEUE_ID, u16
    private const ushort AggregatorIdAttribute = 6; // IFLA_BOND_SLAVE_AD_AGGREGATOR_ID, u16
    private const ushort ActorStateAttribute = 7; // IFLA_BOND_SLAVE_AD_ACTOR_OPER_PORT_STATE, u8
    private const ushort PartnerStateAttribute = 8; // IFLA_BOND_SLAVE_AD_PARTNER_OPER_PORT_STATE, u16
    private const ushort PriorityAttribute = 9; // IFLA_BOND_SLAVE_PRIO, s32

    public BondSlaveState State { get; init; }

    public BondSlaveLink Link { get; init; }

    /// <summary>How often the carrier was lost since it was enslaved.</summary>
    public uint LinkFailures { get; init; }

    /// <summary>The slave's own address, which it gets back when it leaves the bond.</summary>
    public HardwareAddress PermanentAddress { get; init; }

    public ushort QueueId { get; init; }

    /// <summary>Null in modes other than 802.3ad, as are the LACP states.</summary>
    public ushort? AggregatorId { get; init; }

    public LacpState? ActorState { get; init; }

    public LacpState? PartnerState { get; init; }

    public int? Priority { get; init; }

    public static BondSlave Read(AttributeReader reader)
    {
        var slave = new BondSlave();
        while (reader.Read())
        {
            slave = reader.Type switch
            {
                StateAttribute => slave with { State = (BondSlaveState)reader.Byte() },
                LinkAttribute => slave with { Link = (BondSlaveLink)reader.Byte() },
                FailuresAttribute => slave with { LinkFailures = reader.UInt32() },
                PermanentAddressAttribute => slave with { PermanentAddress = new HardwareAddress(reader.Value) },
                QueueIdAttribute => slave with { QueueId = reader.UInt16() },
                AggregatorIdAttribute => slave with { AggregatorId = reader.UInt16() },
                ActorStateAttribute => slave with { ActorState = (LacpState)reader.Byte() },
                PartnerStateAttribute => slave with { PartnerState = (LacpState)(byte)reader.UInt16() },
                PriorityAttribute => slave with { Priority = reader.Int32() },
                _ => slave,
            };
        }

        return slave;
    }
}
