using System.CommandLine;
using OvsOffload.Intent.Configuration;

namespace OvsOffload.Cli;

/// <summary>Options that may stand before or after every command.</summary>
internal sealed class GlobalOptions
{
    /// <summary>Makes the options refuse what is no value of theirs.</summary>
    public GlobalOptions() => FileOption.RefuseEmpty(Config);

    /// <summary><c>--config FILE</c></summary>
    public Option<string?> Config { get; } = new("--config")
    {
        Description = $"configuration file (default: {ConfigurationReader.DefaultPath}, if it exists)",
        HelpName = "FILE",
        Recursive = true,
    };

    /// <summary><c>--json</c></summary>
    public Option<bool> Json { get; } = new("--json")
    {
        Description = "print one JSON document instead of text",
        Recursive = true,
    };
}
