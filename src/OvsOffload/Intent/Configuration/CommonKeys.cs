namespace OvsOffload.Intent.Configuration;

/// <summary>Keys that several sections have.</summary>
internal static class CommonKeys
{
    public static Key<Management> Managed { get; } = new(
        "managed",
        ScalarKinds.OneOf(("full", Management.Full), ("observe", Management.Observe)),
        Management.Full,
        "Who manages it: full means ovs-offload, observe means another program; ovs-offload then only reads and "
            + "checks it.");
}
