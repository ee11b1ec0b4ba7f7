namespace OvsOffload.Intent.Configuration;

/// <summary>Keys that several sections have.</summary>
internal static class CommonKeys
{
    public static Key<Management> Managed { get; } = new(
        "managed",
        ScalarKinds.OneOf(("full", Management.Full), ("observe", Management.Observe)),
        Management.Full,
        "Who changes it: full means this program, observe means somebody else, and it is only read and checked.");
}
