using static OvsOffload.Testing.Bytes;

namespace OvsOffload.Testing;

/// <summary>
/// What bonding tells of a bond in mode 802.3ad whose partner answers, and of its members (IFLA_BOND_*,
/// IFLA_BOND_SLAVE_*, linux/if_link.h).
/// </summary>
internal static class BondAnswers
{
    /// <summary>LACP_STATE_*: activity, timeout, aggregation, synchronization, collecting, distributing.</summary>
    private const byte Joined = 0x3f;

    /// <summary>802.3ad, miimon 100, layer3+4, lacp_rate fast; aggregator 1 with both ports.</summary>
    public static byte[] Bond { get; } = Nest(
        18,
        Text(1, "bond"),
        Nest(
            2, Attribute(1, 4), Attribute(3, Int32(100)), Attribute(4, Int32(0)), Attribute(5, Int32(0)),
            Attribute(14, 1), Attribute(18, Int32(0)), Attribute(21, 1),
            Nest(
                23, Attribute(1, UInt16(1)), Attribute(2, UInt16(2)), Attribute(3, UInt16(15)),
                Attribute(4, UInt16(32773)), Attribute(5, 0x44, 0x38, 0x39, 0xff, 0, 1))));

    /// <summary>A member that has joined aggregator 1.</summary>
    public static byte[] Member(byte[] permanentAddress) => Nest(
        18,
        Text(4, "bond"),
        Nest(
            5, Attribute(1, 0), Attribute(2, 0), Attribute(3, Int32(0)), Attribute(4, permanentAddress),
            Attribute(5, UInt16(0)), Attribute(6, UInt16(1)), Attribute(7, Joined), Attribute(8, UInt16(Joined))));
}
