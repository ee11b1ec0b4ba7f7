using YamlDotNet.Core;

namespace OvsOffload.Os;

/// <summary>What YamlDotNet throws for a text that is not YAML.</summary>
internal static class BrokenYaml
{
    /// <summary>
    /// Whether the text is to blame: <see cref="YamlException"/>, or what the scanner lets out of .NET itself, for an
    /// escape beyond Unicode (<c>"\UFFFFFFFF"</c>), a tag that is no URI (<c>!!!!</c>) and some broken plain scalars,
    /// all found by ConfigurationFuzzTests.
    /// </summary>
    public static bool Caused(Exception exception) =>
        exception is YamlException or ArgumentException or InvalidOperationException or FormatException;
}
