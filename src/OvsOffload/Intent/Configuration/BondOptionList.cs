using System.Collections.Immutable;
using System.Net.NetworkInformation;
using OvsOffload.Netlink;

namespace OvsOffload.Intent.Configuration;

/// <summary>
/// The options of bonds in the modes that NICs take into hardware, with the ranges and conditions of the kernel
/// (bond_opts in drivers/net/bonding/bond_options.c, Linux 6.12). Where a default is not the kernel's, its help says
/// so.
/// </summary>
internal static class BondOptionList
{
    /// <summary>INT_MAX of bond_intmax_tbl.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(int.MaxValue);

    /// <summary>bond_peer_notif_delay_tbl, maxval.</summary>
    private static readonly TimeSpan LongestPeerDelay = TimeSpan.FromMilliseconds(300_000);

    private static readonly ImmutableArray<BondMode> Any = [BondMode.ActiveBackup, BondMode.BalanceXor, BondMode.Lacp];
    private static readonly ImmutableArray<BondMode> ActiveBackup = [BondMode.ActiveBackup];
    private static readonly ImmutableArray<BondMode> Hashing = [BondMode.BalanceXor, BondMode.Lacp];
    private static readonly ImmutableArray<BondMode> Lacp = [BondMode.Lacp];

    /// <summary>All of them, in the order in which they are set: delays are multiples of miimon.</summary>
    public static ImmutableArray<BondOption> All { get; } =
    [
        Duration("miimon", Any, TimeSpan.FromMilliseconds(1), Longest, TimeSpan.FromMilliseconds(100),
            "How often the carrier of the members is checked. The kernel's default is never, and then there is no "
            + "failover.",
            options => options.MiiMonitor, (options, value) => options with { MiiMonitor = value }),
        Duration("updelay", Any, TimeSpan.Zero, Longest, TimeSpan.Zero,
            "How long a carrier must be up before the member is used again; a multiple of miimon.",
            options => options.UpDelay, (options, value) => options with { UpDelay = value }),
        Duration("downdelay", Any, TimeSpan.Zero, Longest, TimeSpan.Zero,
            "How long a carrier must be lost before the member is disabled; a multiple of miimon.",
            options => options.DownDelay, (options, value) => options with { DownDelay = value }),
        new BondOption<BondPrimaryReselect>(
            new Key<BondPrimaryReselect>(
                "primary_reselect",
                ScalarKinds.OneOf(
                    ("always", BondPrimaryReselect.Always), ("better", BondPrimaryReselect.Better),
                    ("failure", BondPrimaryReselect.Failure)),
                BondPrimaryReselect.Always,
                "When the primary member becomes active again: always when it is back, if it is faster (better), or "
                    + "only "
                + "when the active one fails."),
            ActiveBackup, BondOptionChange.Live,
            options => options.PrimaryReselect, (options, value) => options with { PrimaryReselect = value }),
        new BondOption<BondFailOverMac>(
            new Key<BondFailOverMac>(
                "fail_over_mac",
                ScalarKinds.OneOf(
                    ("none", BondFailOverMac.None), ("active", BondFailOverMac.Active),
                    ("follow", BondFailOverMac.Follow)),
                BondFailOverMac.None,
                "MAC address of the bond: none gives all members one address, active uses that of the active member, "
                + "follow moves the bond's address to the member that becomes active."),
            ActiveBackup, BondOptionChange.NoMembers,
            options => options.FailOverMac, (options, value) => options with { FailOverMac = value }),
        Number("num_peer_notif", ActiveBackup, BondOptionChange.Live, 0, 255, 1,
            "Number of gratuitous ARPs and neighbour advertisements after a failover.",
            options => options.PeerNotifications, (options, value) => options with { PeerNotifications = (byte)value }),
        Duration("peer_notif_delay", ActiveBackup, TimeSpan.Zero, LongestPeerDelay, TimeSpan.Zero,
            "Interval between them; a multiple of miimon. 0 sends one every miimon.",
            options =>
                options.PeerNotificationDelay, (options, value) => options with { PeerNotificationDelay = value }),
        Number("resend_igmp", ActiveBackup, BondOptionChange.Live, 0, 255, 1,
            "Number of IGMP membership reports after a failover, one every 200 ms.",
            options => (int?)options.ResendIgmp, (options, value) => options with { ResendIgmp = (uint)value }),
        Flag("all_slaves_active", Any, BondOptionChange.Live, false,
            "Whether frames that arrive on inactive members are delivered; true duplicates broadcasts.",
            options => options.AllSlavesActive, (options, value) => options with { AllSlavesActive = value }),
        new BondOption<BondTransmitHash>(
            new Key<BondTransmitHash>(
                "xmit_hash_policy",
                ScalarKinds.OneOf(
                    ("layer2", BondTransmitHash.Layer2), ("layer2+3", BondTransmitHash.Layer23),
                    ("layer3+4", BondTransmitHash.Layer34), ("encap2+3", BondTransmitHash.Encap23),
                    ("encap3+4", BondTransmitHash.Encap34), ("vlan+srcmac", BondTransmitHash.VlanSourceMac)),
                BondTransmitHash.Layer2,
                "How the output port of a packet is selected. layer2 uses MAC addresses only, so all traffic to one "
                + "router uses one port."),
            Hashing, BondOptionChange.Live,
            options => options.TransmitHash, (options, value) => options with { TransmitHash = value }),
        new BondOption<BondLacpRate>(
            new Key<BondLacpRate>(
                "lacp_rate",
                ScalarKinds.OneOf(("slow", BondLacpRate.Slow), ("fast", BondLacpRate.Fast)), BondLacpRate.Slow,
                "How often the switch is asked to send LACP packets: slow every 30 s, fast every second. A lost "
                + "partner is detected after three missing packets."),
            Lacp, BondOptionChange.BondDown,
            options => options.LacpRate, (options, value) => options with { LacpRate = value }),
        Flag("lacp_active", Lacp, BondOptionChange.BondDown, true,
            "Whether LACP packets are sent actively; false only answers the switch. Kernel 5.15.",
            options => options.LacpActive, (options, value) => options with { LacpActive = value }),
        new BondOption<BondAggregatorSelect>(
            new Key<BondAggregatorSelect>(
                "ad_select",
                ScalarKinds.OneOf(
                    ("stable", BondAggregatorSelect.Stable), ("bandwidth", BondAggregatorSelect.Bandwidth),
                    ("count", BondAggregatorSelect.Count)),
                BondAggregatorSelect.Stable,
                "Which aggregator is active if members are in several: the current one (stable), the one with the "
                + "most bandwidth, or the one with the most ports (count)."),
            Lacp, BondOptionChange.BondDown,
            options => options.AggregatorSelect, (options, value) => options with { AggregatorSelect = value }),
        Number("min_links", Lacp, BondOptionChange.Live, 0, 8, 0,
            "Minimum number of members with carrier for the bond to have carrier; 0 is the same as 1.",
            options => (int?)options.MinimumLinks, (options, value) => options with { MinimumLinks = (uint)value }),
        Number("ad_actor_sys_prio", Lacp, BondOptionChange.Live, 1, 65535, 65535,
            "This side's LACP system priority; the side with the lower number selects the links.",
            options => options.ActorSystemPriority,
            (options, value) => options with { ActorSystemPriority = (ushort)value }),
        Number("ad_user_port_key", Lacp, BondOptionChange.BondDown, 0, 1023, 0,
            "The upper ten bits of the LACP port key.",
            options => options.UserPortKey, (options, value) => options with { UserPortKey = (ushort)value }),
        Flag("coupled_control", Lacp, BondOptionChange.NoMembers, true,
            "Whether collecting and distributing start together (IEEE 802.1AX). Kernel 6.9.",
            options => options.CoupledControl, (options, value) => options with { CoupledControl = value }),
        new BondOption<HardwareAddress>(
            new Key<HardwareAddress>(
                "ad_actor_system",
                new ScalarKind<HardwareAddress>(
                    AddressKinds.Mac.Allowed, ReadMac, mac => mac.IsZero ? null : ScalarKinds.Quoted(mac.ToString())),
                default,
                "This side's LACP system address; if not set, the bond's own or the one set before: the kernel cannot "
                + "unset it."),
            Lacp, BondOptionChange.Live,
            options => options.ActorSystem is { IsZero: false } system ? system : null,
            (options, value) => value.IsZero ? options : options with { ActorSystem = value }),
    ];

    /// <summary>Options that the kernel has and a profile may not state, with the reason.</summary>
    public static ImmutableDictionary<string, string> Refused { get; } = new Dictionary<string, string>
    {
        ["arp_interval"] = ArpMonitoring,
        ["arp_ip_target"] = ArpMonitoring,
        ["arp_validate"] = ArpMonitoring,
        ["arp_all_targets"] = ArpMonitoring,
        ["arp_missed_max"] = ArpMonitoring,
        ["missed_max"] = ArpMonitoring,
        ["ns_ip6_target"] = ArpMonitoring,
        ["use_carrier"] = "it is for NICs that do not report their carrier, which no offloading NIC needs",
        ["packets_per_slave"] = "it belongs to mode balance-rr, which no NIC can offload",
        ["tlb_dynamic_lb"] = "it belongs to modes balance-tlb and balance-alb, which no NIC can offload",
        ["lp_interval"] = "it belongs to modes balance-tlb and balance-alb, which no NIC can offload",
        ["active_slave"] = "the active member changes with every failover; use primary: first to prefer one",
        ["slaves"] = "members are set in the bond's entry in config.yaml",
        ["queue_id"] = "it is a setting of a member on one host",
        ["num_grat_arp"] = "use num_peer_notif, which is the same",
        ["num_unsol_na"] = "use num_peer_notif, which is the same",
    }.ToImmutableDictionary();

    private const string ArpMonitoring = "ARP monitoring needs replies that pass through the host's CPU, which "
        + "offloaded rules bypass, so members would flap; use miimon";

    /// <summary>The options of a mode.</summary>
    public static IEnumerable<BondOption> Of(BondMode mode) => All.Where(option => option.Modes.Contains(mode));

    private static Parsed<HardwareAddress> ReadMac(ScalarNode scalar)
    {
        var problems = new Problems();
        return AddressKinds.Mac.TryRead(scalar, "", problems, out PhysicalAddress? mac)
            ? new HardwareAddress(mac.GetAddressBytes())
            : new Wrong();
    }

    private static BondOption<TimeSpan> Duration(
        string name, ImmutableArray<BondMode> modes, TimeSpan least, TimeSpan most, TimeSpan byDefault, string help,
        Func<BondOptions, uint?> get, Func<BondOptions, uint, BondOptions> set) => new(
            new Key<TimeSpan>(name, ScalarKinds.Duration(least, most), byDefault, help),
            modes,
            BondOptionChange.Live,
            options => get(options) is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null,
            (options, value) => set(options, (uint)value.TotalMilliseconds));

    private static BondOption<int> Number(
        string name, ImmutableArray<BondMode> modes, BondOptionChange change, int least, int most, int byDefault,
        string help, Func<BondOptions, int?> get, Func<BondOptions, int, BondOptions> set) => new(
            new Key<int>(name, ScalarKinds.Integer(least, most), byDefault, help), modes, change, get, set);

    private static BondOption<bool> Flag(
        string name, ImmutableArray<BondMode> modes, BondOptionChange change, bool byDefault, string help,
        Func<BondOptions, bool?> get, Func<BondOptions, bool, BondOptions> set) => new(
            new Key<bool>(name, ScalarKinds.Boolean, byDefault, help), modes, change, get, set);
}
