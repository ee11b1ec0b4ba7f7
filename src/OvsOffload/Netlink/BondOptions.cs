using System.Net;

namespace OvsOffload.Netlink;

/// <summary>
/// The settings of a bond. Read from the kernel, what it told; given to the kernel, null means "leave it". Some want a
/// state: the mode only without slaves, LACP settings only in mode 802.3ad.
/// </summary>
internal sealed record BondOptions
{
    public BondMode? Mode { get; init; }

    /// <summary>Index of the slave that is active, in modes with one.</summary>
    public int? ActiveSlave { get; init; }

    /// <summary>How often the carrier is looked at, in ms; 0 never, and then there is no failover.</summary>
    public uint? MiiMonitor { get; init; }

    /// <summary>How long a slave's carrier must last before it is used, in ms.</summary>
    public uint? UpDelay { get; init; }

    /// <summary>How long a slave's carrier must be lost before it is left, in ms.</summary>
    public uint? DownDelay { get; init; }

    public bool? UseCarrier { get; init; }

    /// <summary>How often ARP targets are asked, in ms; 0 never.</summary>
    public uint? ArpInterval { get; init; }

    /// <summary>IPv4 addresses; null untouched, empty none.</summary>
    public IReadOnlyList<IPAddress>? ArpTargets { get; init; }

    /// <summary>
    /// BOND_ARP_VALIDATE_*: 0 none, 1 active, 2 backup, 3 all, 4 filter, 5 filter_active, 6 filter_backup.
    /// </summary>
    public uint? ArpValidate { get; init; }

    /// <summary>0 any target must answer, 1 all.</summary>
    public uint? ArpAllTargets { get; init; }

    /// <summary>Index of the preferred slave.</summary>
    public int? Primary { get; init; }

    public BondPrimaryReselect? PrimaryReselect { get; init; }

    public BondFailOverMac? FailOverMac { get; init; }

    public BondTransmitHash? TransmitHash { get; init; }

    /// <summary>How many IGMP reports follow a failover.</summary>
    public uint? ResendIgmp { get; init; }

    /// <summary>How many gratuitous ARPs and neighbour advertisements follow a failover.</summary>
    public byte? PeerNotifications { get; init; }

    public bool? AllSlavesActive { get; init; }

    /// <summary>How many slaves with carrier the bond needs for a carrier of its own.</summary>
    public uint? MinimumLinks { get; init; }

    /// <summary>Seconds between learning packets.</summary>
    public uint? LearningInterval { get; init; }

    public uint? PacketsPerSlave { get; init; }

    public BondLacpRate? LacpRate { get; init; }

    public BondAggregatorSelect? AggregatorSelect { get; init; }

    /// <summary>LACP system priority.</summary>
    public ushort? ActorSystemPriority { get; init; }

    public ushort? UserPortKey { get; init; }

    /// <summary>LACP system address.</summary>
    public HardwareAddress? ActorSystem { get; init; }

    public bool? TlbDynamicLoadBalancing { get; init; }

    /// <summary>Between peer notifications, in ms.</summary>
    public uint? PeerNotificationDelay { get; init; }

    /// <summary>False: LACP packets are sent only in answer to the partner's.</summary>
    public bool? LacpActive { get; init; }

    /// <summary>How many ARP intervals may be missed.</summary>
    public byte? MissedMaximum { get; init; }

    /// <summary>802.1AX: collecting and distributing begin together.</summary>
    public bool? CoupledControl { get; init; }

    /// <summary>Reads one attribute of IFLA_INFO_DATA into a copy.</summary>
    public BondOptions With(AttributeReader reader) => reader.Type switch
    {
        BondAttribute.Mode => this with { Mode = (BondMode)reader.Byte() },
        BondAttribute.ActiveSlave => this with { ActiveSlave = reader.Int32() },
        BondAttribute.MiiMonitor => this with { MiiMonitor = reader.UInt32() },
        BondAttribute.UpDelay => this with { UpDelay = reader.UInt32() },
        BondAttribute.DownDelay => this with { DownDelay = reader.UInt32() },
        BondAttribute.UseCarrier => this with { UseCarrier = reader.Byte() != 0 },
        BondAttribute.ArpInterval => this with { ArpInterval = reader.UInt32() },
        BondAttribute.ArpTargets => this with { ArpTargets = ReadArpTargets(reader.Nested()) },
        BondAttribute.ArpValidate => this with { ArpValidate = reader.UInt32() },
        BondAttribute.ArpAllTargets => this with { ArpAllTargets = reader.UInt32() },
        BondAttribute.Primary => this with { Primary = reader.Int32() },
        BondAttribute.PrimaryReselect => this with { PrimaryReselect = (BondPrimaryReselect)reader.Byte() },
        BondAttribute.FailOverMac => this with { FailOverMac = (BondFailOverMac)reader.Byte() },
        BondAttribute.TransmitHash => this with { TransmitHash = (BondTransmitHash)reader.Byte() },
        BondAttribute.ResendIgmp => this with { ResendIgmp = reader.UInt32() },
        BondAttribute.PeerNotifications => this with { PeerNotifications = reader.Byte() },
        BondAttribute.AllSlavesActive => this with { AllSlavesActive = reader.Byte() != 0 },
        BondAttribute.MinimumLinks => this with { MinimumLinks = reader.UInt32() },
        BondAttribute.LearningInterval => this with { LearningInterval = reader.UInt32() },
        BondAttribute.PacketsPerSlave => this with { PacketsPerSlave = reader.UInt32() },
        BondAttribute.LacpRate => this with { LacpRate = (BondLacpRate)reader.Byte() },
        BondAttribute.AggregatorSelect => this with { AggregatorSelect = (BondAggregatorSelect)reader.Byte() },
        BondAttribute.ActorSystemPriority => this with { ActorSystemPriority = reader.UInt16() },
        BondAttribute.UserPortKey => this with { UserPortKey = reader.UInt16() },
        BondAttribute.ActorSystem => this with { ActorSystem = new HardwareAddress(reader.Value) },
        BondAttribute.TlbDynamicLoadBalancing => this with { TlbDynamicLoadBalancing = reader.Byte() != 0 },
        BondAttribute.PeerNotificationDelay => this with { PeerNotificationDelay = reader.UInt32() },
        BondAttribute.LacpActive => this with { LacpActive = reader.Byte() != 0 },
        BondAttribute.MissedMaximum => this with { MissedMaximum = reader.Byte() },
        BondAttribute.CoupledControl => this with { CoupledControl = reader.Byte() != 0 },
        _ => this,
    };

    /// <summary>Writes what is not null, in the order of the header.</summary>
    public void Write(NetlinkMessageWriter message)
    {
        Write(message, BondAttribute.Mode, (byte?)Mode);
        Write(message, BondAttribute.ActiveSlave, (uint?)ActiveSlave);
        Write(message, BondAttribute.MiiMonitor, MiiMonitor);
        Write(message, BondAttribute.UpDelay, UpDelay);
        Write(message, BondAttribute.DownDelay, DownDelay);
        Write(message, BondAttribute.UseCarrier, Flag(UseCarrier));
        Write(message, BondAttribute.ArpInterval, ArpInterval);
        WriteArpTargets(message);
        Write(message, BondAttribute.ArpValidate, ArpValidate);
        Write(message, BondAttribute.ArpAllTargets, ArpAllTargets);
        Write(message, BondAttribute.Primary, (uint?)Primary);
        Write(message, BondAttribute.PrimaryReselect, (byte?)PrimaryReselect);
        Write(message, BondAttribute.FailOverMac, (byte?)FailOverMac);
        Write(message, BondAttribute.TransmitHash, (byte?)TransmitHash);
        Write(message, BondAttribute.ResendIgmp, ResendIgmp);
        Write(message, BondAttribute.PeerNotifications, PeerNotifications);
        Write(message, BondAttribute.AllSlavesActive, Flag(AllSlavesActive));
        Write(message, BondAttribute.MinimumLinks, MinimumLinks);
        Write(message, BondAttribute.LearningInterval, LearningInterval);
        Write(message, BondAttribute.PacketsPerSlave, PacketsPerSlave);
        Write(message, BondAttribute.LacpRate, (byte?)LacpRate);
        Write(message, BondAttribute.AggregatorSelect, (byte?)AggregatorSelect);
        Write(message, BondAttribute.ActorSystemPriority, ActorSystemPriority);
        Write(message, BondAttribute.UserPortKey, UserPortKey);
        if (ActorSystem is { } system)
        {
            message.Attribute(BondAttribute.ActorSystem, system.ToBytes());
        }

        Write(message, BondAttribute.TlbDynamicLoadBalancing, Flag(TlbDynamicLoadBalancing));
        Write(message, BondAttribute.PeerNotificationDelay, PeerNotificationDelay);
        Write(message, BondAttribute.LacpActive, Flag(LacpActive));
        Write(message, BondAttribute.MissedMaximum, MissedMaximum);
        Write(message, BondAttribute.CoupledControl, Flag(CoupledControl));
    }

    private static List<IPAddress> ReadArpTargets(AttributeReader reader)
    {
        var targets = new List<IPAddress>();
        while (reader.Read())
        {
            targets.Add(reader.IPAddress());
        }

        return targets;
    }

    private void WriteArpTargets(NetlinkMessageWriter message)
    {
        if (ArpTargets is { } targets)
        {
            message.Nested(BondAttribute.ArpTargets, nest =>
            {
                for (int i = 0; i < targets.Count; i++)
                {
                    nest.Attribute((ushort)i, targets[i].GetAddressBytes());
                }
            });
        }
    }

    private static byte? Flag(bool? value) => value is { } flag ? (byte)(flag ? 1 : 0) : null;

    private static void Write<T>(NetlinkMessageWriter message, ushort type, T? value)
        where T : unmanaged
    {
        if (value is { } number)
        {
            message.Structure(type, number);
        }
    }
}

/// <summary>IFLA_BOND_*, linux/if_link.h.</summary>
internal static class BondAttribute
{
    public const ushort Mode = 1; // IFLA_BOND_MODE, u8
    public const ushort ActiveSlave = 2; // IFLA_BOND_ACTIVE_SLAVE, u32
    public const ushort MiiMonitor = 3; // IFLA_BOND_MIIMON, u32
    public const ushort UpDelay = 4; // IFLA_BOND_UPDELAY, u32
    public const ushort DownDelay = 5; // IFLA_BOND_DOWNDELAY, u32
    public const ushort UseCarrier = 6; // IFLA_BOND_USE_CARRIER, u8
    public const ushort ArpInterval = 7; // IFLA_BOND_ARP_INTERVAL, u32
    public const ushort ArpTargets = 8; // IFLA_BOND_ARP_IP_TARGET, nest of be32
    public const ushort ArpValidate = 9; // IFLA_BOND_ARP_VALIDATE, u32
    public const ushort ArpAllTargets = 10; // IFLA_BOND_ARP_ALL_TARGETS, u32
    public const ushort Primary = 11; // IFLA_BOND_PRIMARY, u32
    public const ushort PrimaryReselect = 12; // IFLA_BOND_PRIMARY_RESELECT, u8
    public const ushort FailOverMac = 13; // IFLA_BOND_FAIL_OVER_MAC, u8
    public const ushort TransmitHash = 14; // IFLA_BOND_XMIT_HASH_POLICY, u8
    public const ushort ResendIgmp = 15; // IFLA_BOND_RESEND_IGMP, u32
    public const ushort PeerNotifications = 16; // IFLA_BOND_NUM_PEER_NOTIF, u8
    public const ushort AllSlavesActive = 17; // IFLA_BOND_ALL_SLAVES_ACTIVE, u8
    public const ushort MinimumLinks = 18; // IFLA_BOND_MIN_LINKS, u32
    public const ushort LearningInterval = 19; // IFLA_BOND_LP_INTERVAL, u32
    public const ushort PacketsPerSlave = 20; // IFLA_BOND_PACKETS_PER_SLAVE, u32
    public const ushort LacpRate = 21; // IFLA_BOND_AD_LACP_RATE, u8
    public const ushort AggregatorSelect = 22; // IFLA_BOND_AD_SELECT, u8
    public const ushort AggregatorInformation = 23; // IFLA_BOND_AD_INFO, nest
    public const ushort ActorSystemPriority = 24; // IFLA_BOND_AD_ACTOR_SYS_PRIO, u16
    public const ushort UserPortKey = 25; // IFLA_BOND_AD_USER_PORT_KEY, u16
    public const ushort ActorSystem = 26; // IFLA_BOND_AD_ACTOR_SYSTEM, 6 bytes
    public const ushort TlbDynamicLoadBalancing = 27; // IFLA_BOND_TLB_DYNAMIC_LB, u8
    public const ushort PeerNotificationDelay = 28; // IFLA_BOND_PEER_NOTIF_DELAY, u32
    public const ushort LacpActive = 29; // IFLA_BOND_AD_LACP_ACTIVE, u8
    public const ushort MissedMaximum = 30; // IFLA_BOND_MISSED_MAX, u8
    public const ushort CoupledControl = 32; // IFLA_BOND_COUPLED_CONTROL, u8
}
