using System.Collections.Immutable;

namespace OvsOffload.Intent.Cloudpods;

/// <summary>The options of one of Cloudpods' host-agent files, as its parser understands them.</summary>
/// <param name="File">The file's name, for messages.</param>
/// <param name="Values">
/// By the option's name with <c>_</c>, as written otherwise: the parser tells cases of letters apart.
/// </param>
/// <param name="Warnings">What the parser takes otherwise than it looks.</param>
internal sealed record HostConf(
    string File,
    IReadOnlyDictionary<string, HostConfValue> Values,
    ImmutableArray<HostConfWarning> Warnings)
{
    /// <summary>Whether it is YAML, and not lines <c>key = value</c>.</summary>
    public bool IsYaml { get; init; } = true;

    /// <summary>The value of an option; null where the file does not set it.</summary>
    public HostConfValue? this[string option] => Values.GetValueOrDefault(option);

    /// <summary>An option that is true or false; null where the file does not set it.</summary>
    public bool? Flag(string option) => this[option]?.Flag;
}

/// <summary>The value of an option.</summary>
/// <param name="Items">The value; of a list every item.</param>
/// <param name="IsList">Whether it was written as a list. A bare value is a list of one where a list is wanted.</param>
/// <param name="IsPlain">Whether it was written without quotes, so that YAML 1.1 may read it as true, false or a
/// number.</param>
/// <param name="Position">Where it stands.</param>
internal sealed record HostConfValue(
    ImmutableArray<string> Items, bool IsList, bool IsPlain, SourcePosition Position)
{
    /// <summary>YAML 1.1's words, as go-yaml reads them without quotes.</summary>
    private static readonly string[] YamlTrue =
        ["true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y"];

    private static readonly string[] YamlFalse =
        ["false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N"];

    /// <summary>The words of Go's strconv.ParseBool.</summary>
    private static readonly string[] TextTrue = ["1", "t", "T", "TRUE", "true", "True"];

    private static readonly string[] TextFalse = ["0", "f", "F", "FALSE", "false", "False"];

    /// <summary>The value for people.</summary>
    public string Text => IsList ? $"[{string.Join(", ", Items)}]" : Items[0];

    /// <summary>What an option that is true or false means; null where Cloudpods' parser would refuse it.</summary>
    public bool? Flag => this switch
    {
        not { IsList: false, Items.Length: 1 } => null,
        { IsPlain: true } when YamlTrue.Contains(Text) => true,
        { IsPlain: true } when YamlFalse.Contains(Text) => false,
        _ when TextTrue.Contains(Text) => true,
        _ when TextFalse.Contains(Text) => false,
        _ => null,
    };
}

/// <summary>Something in a file that is not as it looks.</summary>
/// <param name="Position">Where.</param>
/// <param name="Text">What, in one sentence.</param>
internal sealed record HostConfWarning(SourcePosition Position, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Position}: {Text}";
}
