using System.CommandLine;

namespace OvsOffload.Cli;

/// <summary>Options that may stand before or after every command.</summary>
internal sealed class GlobalOptions
{
    /// <summary>Where the configuration is when nobody says otherwise.</summary>
    public const string DefaultConfig = "/etc/ovs-offload/config.yaml";

    /// <summary><c>--config FILE</c></summary>
    public Option<string?> Config { get; } = new("--config")
    {
        Description = $"the configuration (default {DefaultConfig}, if it exists)",
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
