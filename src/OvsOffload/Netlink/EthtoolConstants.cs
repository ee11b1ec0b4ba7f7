namespace OvsOffload.Netlink;

/// <summary>ETHTOOL_MSG_* and ETHTOOL_A_*, linux/ethtool_netlink.h: those that are used.</summary>
internal static class EthtoolConstants
{
    public const string FamilyName = "ethtool"; // ETHTOOL_GENL_NAME
    public const byte Version = 1; // ETHTOOL_GENL_VERSION

    public const byte FeaturesGet = 11; // ETHTOOL_MSG_FEATURES_GET
    public const byte FeaturesSet = 12; // ETHTOOL_MSG_FEATURES_SET

    public const ushort FeaturesHeader = 1; // ETHTOOL_A_FEATURES_HEADER, nest
    public const ushort FeaturesHardware = 2; // ETHTOOL_A_FEATURES_HW, bitset: those that can be changed
    public const ushort FeaturesWanted = 3; // ETHTOOL_A_FEATURES_WANTED, bitset
    public const ushort FeaturesActive = 4; // ETHTOOL_A_FEATURES_ACTIVE, bitset
    public const ushort FeaturesNoChange = 5; // ETHTOOL_A_FEATURES_NOCHANGE, bitset: those that never change

    public const ushort HeaderIndex = 1; // ETHTOOL_A_HEADER_DEV_INDEX, u32
    public const ushort HeaderName = 2; // ETHTOOL_A_HEADER_DEV_NAME

    public const ushort BitsetNoMask = 1; // ETHTOOL_A_BITSET_NOMASK, flag
    public const ushort BitsetBits = 3; // ETHTOOL_A_BITSET_BITS, nest
    public const ushort BitsetValue = 4; // ETHTOOL_A_BITSET_VALUE, binary: a compact set
    public const ushort BitsetBit = 1; // ETHTOOL_A_BITSET_BITS_BIT, nest
    public const ushort BitName = 2; // ETHTOOL_A_BITSET_BIT_NAME
    public const ushort BitValue = 3; // ETHTOOL_A_BITSET_BIT_VALUE, flag
}
