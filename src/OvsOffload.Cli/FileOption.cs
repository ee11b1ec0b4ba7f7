using System.CommandLine;
using System.CommandLine.Parsing;

namespace OvsOffload.Cli;

/// <summary>Options that name a file: an empty name is none.</summary>
internal static class FileOption
{
    /// <summary>Makes an option refuse an empty name.</summary>
    public static void RefuseEmpty(Option option) => option.Validators.Add(Refuse);

    private static void Refuse(OptionResult result)
    {
        if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
        {
            result.AddError($"{result.Option.Name} must name a file, not \"\"");
        }
    }
}
