using OvsOffload.Host;
using OvsOffload.Intent.Configuration;
using OvsOffload.Netlink;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;

namespace OvsOffload.Bundles;

/// <summary>
/// Reads a host as every command does, and takes down each answer on the way: what a bundle holds is what the checks
/// stand on, no more and no less.
/// </summary>
internal sealed class RecordingHost(HostPaths paths, OvsdbOptions database, UnixctlOptions daemon, TimeProvider time)
{
    /// <summary>
    /// Commands of ovs-vswitchd that no check needs and people ask for; each is answered from memory, at once.
    /// </summary>
    private static readonly string[] ExtraCommands =
        ["dpctl/dump-dps", "dpif/show", "coverage/show", "memory/show", "bond/list"];

    /// <summary>
    /// The most flows of a datapath that are taken down, some 450 bytes each: beyond it the dump would be longer than
    /// <see cref="Recorder.PartBound"/> and ovs-vswitchd held up for longer than 0.1 s.
    /// </summary>
    public const int MaxFlows = 10_000;

    /// <summary>Whether the flows are dumped, during which ovs-vswitchd does nothing else.</summary>
    public bool WithFlows { get; init; }

    /// <summary>Opens the channels to the kernel.</summary>
    public INetlinkOpener Netlink { get; init; } = LiveNetlink.Instance;

    /// <summary>Reads the host.</summary>
    /// <param name="configuration">The configuration's file.</param>
    /// <param name="collectors">The collectors that there are.</param>
    /// <param name="version">The program's version.</param>
    /// <param name="masked">Whether addresses and the names of host and guests get pseudonyms.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async Task<Recording> ReadAsync(
        string configuration, IReadOnlyCollection<string> collectors, string version, bool masked,
        CancellationToken cancellation)
    {
        var recorder = new Recorder();
        HostPaths recorded = paths with { Files = new RecordingFiles(paths.Files, paths.Root, recorder) };
        var openVSwitch = new RecordingSwitch(
            new OpenVSwitchReader(database, time), new UnixctlClient(daemon, time), recorder);
        var reader = new HostReader(
            recorded, database with { Recorded = openVSwitch }, daemon with { Answers = openVSwitch }, time)
        {
            Netlink = new RecordingNetlink(Netlink, recorder),
        };
        HostState state = await reader.ReadAsync(cancellation);
        JournalSource.Read(recorded);
        ReadIntent(recorded, configuration, collectors);
        if (state.OpenVSwitch.Daemon.IsKnown)
        {
            await RunExtraCommandsAsync(openVSwitch, cancellation);
            if (WithFlows)
            {
                await DumpFlowsAsync(openVSwitch, state, recorder, cancellation);
            }
        }

        return MaskedRecording.Of(Trim.Apply(recorder.Build(new BundleManifest
        {
            Version = version,
            Time = state.ReadAt,
            Host = state.HostName,
            Kernel = state.Kernel.Facts.Release.Match(release => release.ToString(), why => why, why => why),
            Masked = masked,
            Configuration = RecordingFiles.OnHost(configuration, paths.Root),
            Process = paths.Process,
        })));
    }

    /// <summary>The flows of each datapath; of one with too many it is written down that they were left out.</summary>
    private static async Task DumpFlowsAsync(
        RecordingSwitch openVSwitch, HostState state, Recorder recorder, CancellationToken cancellation)
    {
        foreach (UpcallShow shown in state.OpenVSwitch.Upcalls.ValueOr([]))
        {
            if (shown.Flows > MaxFlows)
            {
                recorder.Add(new SwitchRecord(RecordedSwitch.FlowsOf(shown.Datapath))
                {
                    Failure = $"{shown.Datapath} has {shown.Flows} flows; the limit for a bundle is {MaxFlows}",
                });
                continue;
            }

            try
            {
                await openVSwitch.CallAsync("dpctl/dump-flows", ["-m", shown.Datapath], cancellation);
            }
            catch (OpenVSwitchException)
            {
                // Taken down with the daemon's words.
            }
        }
    }

    /// <summary>A wrong configuration is part of what is to be looked at.</summary>
    private static void ReadIntent(HostPaths recorded, string configuration, IReadOnlyCollection<string> collectors)
    {
        try
        {
            RecordedHost.Read(recorded, configuration, collectors);
        }
        catch (ConfigurationException)
        {
        }
    }

    private static async Task RunExtraCommandsAsync(RecordingSwitch openVSwitch, CancellationToken cancellation)
    {
        foreach (string command in ExtraCommands)
        {
            try
            {
                await openVSwitch.CallAsync(command, [], cancellation);
            }
            catch (OpenVSwitchException)
            {
                // Taken down with the daemon's words; the other commands are asked all the same.
            }
        }
    }
}
