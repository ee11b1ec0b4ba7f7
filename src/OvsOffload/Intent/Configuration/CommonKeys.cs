namespace OvsOffload.Intent.Configuration;

/// <summary>Keys that several sections have.</summary>
internal static class CommonKeys
{
    /// <summary>
    /// ETH_MIN_MTU and ETH_MAX_MTU of linux/if_ether.h; what a NIC accepts is less, and known on the host.
    /// </summary>
    private const int MinMtu = 68;

    private const int MaxMtu = 65535;

    /// <summary>An MTU in bytes; left unchanged where it is not stated.</summary>
    public static ValueKind<int?> Mtu { get; } =
        new OptionalKind<int>(ScalarKinds.Integer(MinMtu, MaxMtu, "bytes, a whole number"));

    public static Key<Management> Managed { get; } = new(
        "managed",
        ScalarKinds.OneOf(("full", Management.Full), ("observe", Management.Observe)),
        Management.Full,
        "Who manages it: full means ovs-offload, observe means another program; ovs-offload then only reads and "
            + "checks it.");
}
