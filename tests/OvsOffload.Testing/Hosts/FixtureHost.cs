using OvsOffload.Bundles;
using OvsOffload.Host;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;

namespace OvsOffload.Testing;

/// <summary>
/// A whole host below a directory, with a kernel and an Open vSwitch that answer: what a command on such a host reads,
/// it reads here.
/// </summary>
internal sealed class FixtureHost : IDisposable
{
    private const string ConfigurationPath = "/etc/ovs-offload/config.yaml";

    public FixtureHost(HostDescription host)
    {
        Kernel = new FixtureKernel(host);
        Switch = new FixtureSwitch(host);
        Tree = new HostTree().WriteSystem(host).WriteNetwork(host).WriteCards(host).WriteLogs(host)
            .File(
                ConfigurationPath,
                $"version: 1\nmetrics: {{ listen: \"{HostDescription.Address}:9975\" }}\n{host.Configuration}");
    }

    public FixtureKernel Kernel { get; }

    public FixtureSwitch Switch { get; }

    public HostTree Tree { get; }

    public HostPaths Paths => Tree.Paths with { Process = NetworkFiles.Looker };

    public OvsdbOptions Database => new() { Recorded = Switch };

    public UnixctlOptions Daemon => new() { Answers = Switch };

    /// <summary>The configuration's file, as the host names it, and where it is.</summary>
    public string Configuration => Tree.At(ConfigurationPath);

    /// <summary>Reads the host as a command on it does.</summary>
    public HostReader Reader => new(Paths, Database, Daemon, TimeProvider.System) { Netlink = Kernel };

    /// <summary>Makes a recording of it.</summary>
    public Task<Recording> RecordAsync(bool masked, bool flows = false) =>
        new RecordingHost(Paths, Database, Daemon, TimeProvider.System)
        {
            Netlink = Kernel,
            WithFlows = flows,
        }.ReadAsync(Configuration, [], "1.2.3", masked, TestContext.Current.CancellationToken);

    /// <summary>A bundle of it as a file.</summary>
    public async Task<byte[]> BundleAsync(bool masked, bool flows = false)
    {
        using var stream = new MemoryStream();
        BundleFile.Write(stream, await RecordAsync(masked, flows));
        return stream.ToArray();
    }

    public void Dispose() => Tree.Dispose();
}
