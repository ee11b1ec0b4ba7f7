using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using OvsOffload.Bundles;
using OvsOffload.Intent.Configuration;
using OvsOffload.Metrics;
using OvsOffload.Os;

#pragma warning disable RS0030 // A bundle is a new file that is written as a stream.

namespace OvsOffload.Cli.Commands;

/// <summary><c>support-bundle</c>: everything that a second pair of eyes needs, in one file.</summary>
internal static class SupportBundleCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(GlobalOptions globals)
    {
        var output = new Option<string>("--output", "-o")
        {
            Description = "file to create; must not exist (default: ovs-offload-HOST-TIME.tar.gz)",
            HelpName = "FILE",
        };
        var unmasked = new Option<bool>("--unmasked")
        {
            Description = "do not mask addresses and names of host and guests; secrets are always removed",
        };
        var flows = new Option<bool>("--flows")
        {
            Description = "include a flow dump, which blocks ovs-vswitchd meanwhile; at most "
                + $"{RecordingHost.MaxFlows} flows per datapath",
        };
        FileOption.RefuseEmpty(output);
        var command = new Command(
            "support-bundle", "collect diagnostics for support in one tar; read it with verify --from")
        {
            output, unmasked, flows,
        };
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed, globals, parsed.GetValue(output), !parsed.GetValue(unmasked), parsed.GetValue(flows),
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed, GlobalOptions globals, string? file, bool masked, bool flows,
        CancellationToken cancellation)
    {
        string configuration = Path.GetFullPath(parsed.GetValue(globals.Config) ?? ConfigurationReader.DefaultPath);
        var host = new RecordingHost(HostPaths.Real, Session.Database, Session.Daemon, TimeProvider.System)
        {
            WithFlows = flows,
        };
        Recording recording =
            await host.ReadAsync(configuration, CollectorNames.All, BuildFacts.Current.Version, masked, cancellation);
        BundleManifest manifest = recording.Manifest;
        file ??= $"ovs-offload-{manifest.Host}-"
            + manifest.Time.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture) + ".tar.gz";
        ImmutableArray<TarMember> members;
        try
        {
            using var stream = new FileStream(file, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
            members = BundleFile.Write(stream, recording);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Output.Error($"{file}: {failure.Message}");
            return ExitStatus.Failed;
        }

        Show(parsed.GetValue(globals.Json), file, recording, members);
        return ExitStatus.Ok;
    }

    private static void Show(bool json, string file, Recording recording, ImmutableArray<TarMember> members)
    {
        ImmutableArray<string> unreadable = BundleContents.Unreadable(recording);
        if (json)
        {
            Output.Json(writer =>
            {
                writer.WriteString("file", file);
                writer.WriteBoolean("masked", recording.Manifest.Masked);
                WriteMembers(writer, members, recording);
                writer.WriteStrings("unreadable", unreadable);
            });
            return;
        }

        var table = new TextTable("FILE", "BYTES", "CONTENTS");
        foreach (TarMember member in members)
        {
            table.Add(
                member.Name, member.Content.Length.ToString(CultureInfo.InvariantCulture),
                BundleContents.Describe(member.Name, recording));
        }

        foreach (string line in table.Lines())
        {
            Output.Result(line);
        }

        Output.Result("");
        foreach (string one in unreadable)
        {
            Output.Result($"cannot read {one}");
        }

        Output.Result($"{file}: {new FileInfo(file).Length} bytes; " + (recording.Manifest.Masked
            ? "names of host and guests, MAC and IP addresses and serial numbers are masked; secrets are removed"
            : "names and addresses are not masked; secrets are removed"));
        Output.Result($"read it with: ovs-offload verify --from {file}");
    }

    private static void WriteMembers(Utf8JsonWriter writer, ImmutableArray<TarMember> members, Recording recording)
    {
        writer.WriteStartArray("members");
        foreach (TarMember member in members)
        {
            writer.WriteStartObject();
            writer.WriteString("name", member.Name);
            writer.WriteNumber("bytes", member.Content.Length);
            writer.WriteString("what", BundleContents.Describe(member.Name, recording));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
