namespace OvsOffload.Intent.Configuration;

/// <summary>The keys under <c>safety</c>.</summary>
internal static class SafetyKeys
{
    private const int MaxInterfaces = 256;

    private static readonly SafetyIntent Defaults = new();

    public static Key<WordOrList<ProtectionKind, string>> Protect { get; } = new(
        "protect",
        new WordOrListKind<ProtectionKind, string>(
            ScalarKinds.OneOf(("auto", ProtectionKind.Auto), ("none", ProtectionKind.None)),
            new ListKind<string>("interfaces", NameKinds.Interface, 1, MaxInterfaces),
            ProtectionKind.List),
        new(Defaults.Protect, Defaults.ProtectedInterfaces),
        "What must not be disrupted: auto detects the default route and SSH connections. A VF in use is never "
            + "disrupted.");

    public static Section Section { get; } = new("safety", "What must not be disrupted.", [Protect]);

    public static SafetyIntent Read(SectionReader reader)
    {
        WordOrList<ProtectionKind, string> protect = reader.Read(Protect);
        return new SafetyIntent { Protect = protect.Word, ProtectedInterfaces = protect.List, Source = reader.Source };
    }

    public static void Write(SectionWriter writer, SafetyIntent safety) =>
        writer.Write(Protect, new(safety.Protect, safety.ProtectedInterfaces));
}
