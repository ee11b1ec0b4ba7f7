namespace OvsOffload.Netlink;

/// <summary>BOND_MODE_*, linux/if_bonding.h.</summary>
internal enum BondMode : byte
{
    BalanceRoundRobin = 0,
    ActiveBackup = 1,
    BalanceXor = 2,
    Broadcast = 3,
    Lacp = 4, // BOND_MODE_8023AD
    BalanceTlb = 5,
    BalanceAlb = 6,
}

/// <summary>BOND_XMIT_POLICY_*, linux/if_bonding.h.</summary>
internal enum BondTransmitHash : byte
{
    Layer2 = 0,
    Layer34 = 1,
    Layer23 = 2,
    Encap23 = 3,
    Encap34 = 4,
    VlanSourceMac = 5,
}

/// <summary>BOND_FOM_*, include/net/bonding.h: which slaves carry the bond's MAC.</summary>
internal enum BondFailOverMac : byte
{
    None = 0,
    Active = 1,
    Follow = 2,
}

/// <summary>BOND_PRI_RESELECT_*, include/net/bonding.h: when the primary slave becomes active again.</summary>
internal enum BondPrimaryReselect : byte
{
    Always = 0,
    Better = 1,
    Failure = 2,
}

/// <summary>AD_LACP_*, include/net/bond_3ad.h: how often the partner is asked to send.</summary>
internal enum BondLacpRate : byte
{
    Slow = 0,
    Fast = 1,
}

/// <summary>BOND_AD_*, include/net/bond_3ad.h: how the active aggregator is chosen.</summary>
internal enum BondAggregatorSelect : byte
{
    Stable = 0,
    Bandwidth = 1,
    Count = 2,
}

/// <summary>The bond's settings in the words of the bonding driver (Documentation/networking/bonding.rst).</summary>
internal static class BondNames
{
    private static readonly string[] Modes =
        ["balance-rr", "active-backup", "balance-xor", "broadcast", "802.3ad", "balance-tlb", "balance-alb"];

    private static readonly string[] TransmitHashes =
        ["layer2", "layer3+4", "layer2+3", "encap2+3", "encap3+4", "vlan+srcmac"];

    private static readonly string[] FailOverMacs = ["none", "active", "follow"];

    private static readonly string[] PrimaryReselects = ["always", "better", "failure"];

    private static readonly string[] LacpRates = ["slow", "fast"];

    private static readonly string[] AggregatorSelects = ["stable", "bandwidth", "count"];

    public static string ToName(this BondMode mode) => Name(Modes, (byte)mode);

    public static string ToName(this BondTransmitHash hash) => Name(TransmitHashes, (byte)hash);

    public static string ToName(this BondFailOverMac failOverMac) => Name(FailOverMacs, (byte)failOverMac);

    public static string ToName(this BondPrimaryReselect reselect) => Name(PrimaryReselects, (byte)reselect);

    public static string ToName(this BondLacpRate rate) => Name(LacpRates, (byte)rate);

    public static string ToName(this BondAggregatorSelect select) => Name(AggregatorSelects, (byte)select);

    public static BondMode? ParseMode(string word) => (BondMode?)Number(Modes, word);

    private static string Name(string[] words, byte number) =>
        number < words.Length ? words[number] : $"unknown ({number})";

    private static byte? Number(string[] words, string word) =>
        Array.IndexOf(words, word) is >= 0 and var number ? (byte)number : null;
}
