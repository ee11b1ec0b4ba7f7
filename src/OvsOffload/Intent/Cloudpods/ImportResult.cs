using System.Collections.Immutable;
using System.Text.Json;
using OvsOffload.Os;

namespace OvsOffload.Intent.Cloudpods;

/// <summary>What an import came to.</summary>
/// <param name="Configuration">The config.yaml, with a comment on every line that was decided.</param>
/// <param name="Warnings">What is to be looked at before it is applied, each with its file and line.</param>
/// <param name="NotImported">What the files say and the configuration does not, each with why.</param>
internal sealed record ImportResult(
    string Configuration, ImmutableArray<string> Warnings, ImmutableArray<string> NotImported)
{
    /// <summary>Whether the configuration can be applied as it is: nothing in it has to be filled in.</summary>
    public bool IsComplete { get; init; } = true;

    /// <summary>Writes <c>{"config","warnings":[..],"not_imported":[..]}</c>.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteString("config", Configuration);
        writer.WriteStrings("warnings", Warnings);
        writer.WriteStrings("not_imported", NotImported);
    }
}
