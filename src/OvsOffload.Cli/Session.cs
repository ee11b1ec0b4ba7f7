using System.CommandLine;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Intent.Configuration;
using OvsOffload.System;

namespace OvsOffload.Cli;

/// <summary>What every command begins with: the configuration, and a reader of this host.</summary>
internal sealed class Session
{
    private Session(HostIntent intent, bool configured, string? configFile)
    {
        Intent = intent;
        Configured = configured;
        ConfigFile = configFile;
        Reader = new HostReader(HostPaths.Real, TimeProvider.System);
    }

    /// <summary>What the operator means; <see cref="HostIntent.Observe"/> without a configuration.</summary>
    public HostIntent Intent { get; }

    /// <summary>Whether there is a configuration.</summary>
    public bool Configured { get; }

    /// <summary>The configuration's file; null without one.</summary>
    public string? ConfigFile { get; }

    /// <summary>Reads this host.</summary>
    public HostReader Reader { get; }

    /// <summary>Whether the program runs as root.</summary>
    public static bool IsRoot => Environment.IsPrivilegedProcess;

    /// <summary>
    /// Reads the configuration; null when it is wrong, which has then been said. Without <c>--config</c> an absent file
    /// means that the program only observes.
    /// </summary>
    public static Session? Open(ParseResult parsed, GlobalOptions globals)
    {
        string? asked = parsed.GetValue(globals.Config);
        string file = asked ?? GlobalOptions.DefaultConfig;
        if (asked is null && !File.Exists(file))
        {
            return new Session(HostIntent.Observe, configured: false, configFile: null);
        }

        try
        {
            return new Session(ConfigurationReader.ReadFile(file), configured: true, file);
        }
        catch (ConfigurationException failure)
        {
            foreach (string error in failure.Errors.Select(error => error.ToString()))
            {
                Output.Error(error);
            }

            return null;
        }
    }

    /// <summary>The same, for a command that needs a configuration.</summary>
    public static Session? OpenConfigured(ParseResult parsed, GlobalOptions globals)
    {
        Session? session = Open(parsed, globals);
        if (session is { Configured: false })
        {
            Output.Error($"there is no configuration: {GlobalOptions.DefaultConfig} does not exist. Write one "
                + "(see config.example.yaml), or name one with --config FILE");
            return null;
        }

        return session;
    }
}
