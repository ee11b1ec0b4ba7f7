namespace OvsOffload.Intent;

/// <summary>
/// Where the keys of one section were written, so that a later refusal can point at the line that asks for it.
/// </summary>
internal sealed class SourceMap
{
    private readonly IReadOnlyDictionary<string, SourcePosition> _values;

    /// <param name="section">Where the section begins.</param>
    /// <param name="values">Key, as written in the file, to the place of its value.</param>
    public SourceMap(SourcePosition section, IReadOnlyDictionary<string, SourcePosition> values)
    {
        Section = section;
        _values = values;
    }

    /// <summary>The map of a section that nobody wrote.</summary>
    public static SourceMap Defaults { get; } =
        new(SourcePosition.Defaults, new Dictionary<string, SourcePosition>());

    public SourcePosition Section { get; }

    /// <summary>The place of the key's value; the section's place where the key is not stated.</summary>
    public SourcePosition this[string key] => _values.GetValueOrDefault(key, Section);
}
