using System.CommandLine;
using OvsOffload.Host;
using OvsOffload.Intent.Cloudpods;
using OvsOffload.Intent.Configuration;
using OvsOffload.Os;

namespace OvsOffload.Cli.Commands;

/// <summary><c>import host.conf</c>: prints a config.yaml of Cloudpods' files.</summary>
internal static class ImportCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(GlobalOptions globals)
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "host.conf and, if present, common.conf or the ConfigMap default-host as printed by "
                + "kubectl, and host_local.conf; identified by name",
            Arity = ArgumentArity.OneOrMore,
        };
        var hostConf = new Command("host.conf", "print a config.yaml equivalent to Cloudpods' host.conf")
        {
            files,
        };
        hostConf.SetAction((parsed, cancellation) =>
            RunAsync(parsed.GetValue(files) ?? [], parsed.GetValue(globals.Json), cancellation));
        return new Command("import", "print a config.yaml equivalent to another system's files") { hostConf };
    }

    private static async Task<int> RunAsync(string[] names, bool json, CancellationToken cancellation)
    {
        try
        {
            var contents = new List<(string Name, byte[] Content)>();
            foreach (string name in names)
            {
                Reading<byte[]> content = LiveFiles.Instance.Bytes(name, ConfigurationText.MaxBytes);
                contents.Add((name, content.IsKnown ? content.Value : throw new IOException(content.Why)));
            }

            var files = HostConfFiles.Read(contents);
            var reader = new HostReader(HostPaths.Real, Session.Database, Session.Daemon, TimeProvider.System);
            HostState state = await reader.ReadAsync(cancellation);
            Output.WarnIfUnreadable(state);
            ImportResult result = HostConfImporter.Import(files, CloudpodsImportFacts.Of(state));
            Write(result, state, json);
            return result.IsComplete ? ExitStatus.Of(state) : ExitStatus.Partial;
        }
        catch (ConfigurationException failure)
        {
            foreach (ConfigurationError error in failure.Errors)
            {
                Output.Error(error.ToString());
            }

            return ExitStatus.Usage;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Output.Error(failure.Message);
            return ExitStatus.Usage;
        }
    }

    private static void Write(ImportResult result, HostState state, bool json)
    {
        if (json)
        {
            Output.Json(state, result.Write);
            return;
        }

        foreach (string line in result.Configuration.TrimEnd('\n').Split('\n'))
        {
            Output.Result(line);
        }

        foreach (string warning in result.Warnings)
        {
            Output.Note($"warning: {warning}");
        }

        foreach (string left in result.NotImported)
        {
            Output.Note($"not imported: {left}");
        }
    }
}
