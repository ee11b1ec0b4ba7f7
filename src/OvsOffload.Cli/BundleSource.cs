using System.CommandLine;
using OvsOffload.Bundles;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Intent.Configuration;
using OvsOffload.Metrics;
using OvsOffload.Nics;
using OvsOffload.Os;

namespace OvsOffload.Cli;

/// <summary>What <c>verify</c> stands on, from a support bundle.</summary>
internal static class BundleSource
{
    /// <summary>Reads it; null when bundle or configuration are wrong, which has then been said.</summary>
    public static async Task<Observation?> ReadAsync(
        string file, ParseResult parsed, GlobalOptions globals, CancellationToken cancellation)
    {
        // Read and checked at its first use, which is best while the bundle is unpacked.
        _ = Task.Run(static () => NicModels.BuiltIn, cancellation);
        try
        {
            Recording recording = Open(file);
            var host = new RecordedHost(recording);
            HostIntent intent = parsed.GetValue(globals.Config) is { } asked
                ? ConfigurationReader.Read(asked, CollectorNames.All, new BondProfiles(host.Paths))
                : host.Intent(CollectorNames.All);
            Observation input = await host.ReadAsync(intent, cancellation);
            BundleManifest manifest = recording.Manifest;
            Output.Note($"{manifest.Host}, kernel {manifest.Kernel}, at {manifest.Time:yyyy-MM-dd HH:mm:ss}Z, "
                + "collected by ovs-offload "
                + $"{manifest.Version}{(manifest.Masked ? "; names and addresses are masked" : "")}");
            return input;
        }
        catch (ConfigurationException failure)
        {
            Session.WriteErrors(failure);
        }
        catch (Exception failure) when (failure is BundleException or IOException or UnauthorizedAccessException)
        {
            Output.Error($"{file}: {failure.Message}");
        }

        return null;
    }

    /// <summary>Opens one for its flows; null when it is wrong, which has then been said.</summary>
    public static RecordedHost? OpenFlows(string file)
    {
        try
        {
            var host = new RecordedHost(Open(file));
            return host.HasFlows ? host : throw new BundleException(RecordedHost.NoFlows);
        }
        catch (Exception failure) when (failure is BundleException or IOException or UnauthorizedAccessException)
        {
            Output.Error($"{file}: {failure.Message}");
            return null;
        }
    }

    private static Recording Open(string file)
    {
        Reading<byte[]> compressed = LiveFiles.Instance.Bytes(file, BundleFile.MaxCompressed);
        return compressed.IsKnown
            ? BundleFile.Read(compressed.Value)
            : throw new BundleException(compressed.WhyOf(file));
    }
}
