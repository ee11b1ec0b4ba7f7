using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Intent.Configuration;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;

namespace OvsOffload.Bundles;

/// <summary>The host of a bundle, to be read as a running one is.</summary>
internal sealed class RecordedHost
{
    /// <summary>What a bundle without flows says of them.</summary>
    public const string NoFlows = "the bundle has no flow dump (collect one with support-bundle --flows)";

    private readonly BundleManifest _manifest;
    private readonly RecordedSwitch _switch;

    public RecordedHost(Recording recording)
    {
        _manifest = recording.Manifest;
        Paths = HostPaths.Real with { Files = new RecordedFiles(recording.Files), Process = _manifest.Process };
        _switch = new RecordedSwitch(recording.Switch);
        Daemon = new UnixctlClient(new UnixctlOptions { Answers = _switch }, TimeProvider.System);
        Reader = new HostReader(
            Paths,
            new OvsdbOptions { Recorded = _switch },
            new UnixctlOptions { Answers = _switch },
            new FixedTime(_manifest.Time))
        {
            Netlink = new RecordedNetlink(recording.Netlink),
        };
    }

    /// <summary>The host's files.</summary>
    public HostPaths Paths { get; }

    /// <summary>Reads the host.</summary>
    public HostReader Reader { get; }

    /// <summary>Its ovs-vswitchd.</summary>
    public UnixctlClient Daemon { get; }

    /// <summary>Whether its flows were asked for when the bundle was made.</summary>
    public bool HasFlows => _switch.HasFlows;

    /// <summary>
    /// Reads what the host's operator means; <see cref="HostIntent.Observe"/> where the host has no configuration.
    /// </summary>
    /// <param name="collectors">The collectors that there are.</param>
    /// <exception cref="ConfigurationException">The configuration is wrong, or could not be read.</exception>
    public HostIntent Intent(IReadOnlyCollection<string> collectors) =>
        Read(Paths, _manifest.Configuration, collectors);

    /// <summary>Reads all that checks stand on; flows only where they were asked for when it was made.</summary>
    /// <exception cref="BundleException">The answers in it cannot be of one host.</exception>
    public async Task<Observation> ReadAsync(HostIntent intent, CancellationToken cancellation)
    {
        var observations = new ObservationReader(Paths, Reader.ReadAsync, Daemon)
        {
            Flows = (state, bounds, token) => HasFlows || state.OpenVSwitch.Database.IsAbsent
                ? DatapathFlowSource.ReadAsync(Daemon, state, bounds, token)
                : Task.FromResult(Reading.Failed<ImmutableArray<DatapathFlows>>(NoFlows)),
        };
        return await ReadAsync(() => observations.ReadAsync(
            intent, ObservationParts.Flows | ObservationParts.Journal, cancellation));
    }

    /// <summary>Reads the host alone.</summary>
    /// <exception cref="BundleException">The answers in it cannot be of one host.</exception>
    public Task<HostState> ReadStateAsync(CancellationToken cancellation) =>
        ReadAsync(() => Reader.ReadAsync(cancellation));

    private static async Task<T> ReadAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception failure) when (failure is ArgumentException or InvalidOperationException or FormatException
            or OverflowException or KeyNotFoundException)
        {
            throw new BundleException($"contradictory replies in the bundle: {failure.Message}", failure);
        }
    }

    /// <summary>The same from the files of any host.</summary>
    public static HostIntent Read(HostPaths paths, string file, IReadOnlyCollection<string> collectors)
    {
        Reading<byte[]> content = paths.Files.Bytes(file, ConfigurationText.MaxBytes);
        return content.IsFailed
            ? throw new ConfigurationException(
                [new ConfigurationError(SourcePosition.WholeFile(file), $"cannot read: {content.Why}")])
            : content.TryGet(out byte[]? text)
                ? ConfigurationReader.Parse(file, text, collectors, new BondProfiles(paths))
                : HostIntent.Observe;
    }
}
