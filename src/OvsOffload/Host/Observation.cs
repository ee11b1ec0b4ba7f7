using System.Collections.Immutable;
using OvsOffload.Flows;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Platform;
using OvsOffload.Sysfs;

namespace OvsOffload.Host;

/// <summary>
/// What checks, status, page and collectors stand on: what the operator means, what the host is, and those of its parts
/// that cost more and are read only where they are asked for (<see cref="ObservationParts"/>). Immutable.
/// </summary>
internal sealed class Observation
{
    private readonly ImmutableDictionary<PciAddress, NicIntent> _intents;
    private readonly Lazy<ImmutableArray<KernelLogRecord>> _nicLog;
    private readonly Lazy<ImmutableArray<DaemonLogLine>> _switchLog;

    /// <param name="intent">What the operator means; <see cref="HostIntent.Observe"/> without a configuration.</param>
    /// <param name="state">What the host is.</param>
    public Observation(HostIntent intent, HostState state)
    {
        Intent = intent;
        State = state;
        _intents = state.Managed(intent);
        _nicLog = new Lazy<ImmutableArray<KernelLogRecord>>(() => LinesOfNics(state));
        _switchLog = new Lazy<ImmutableArray<DaemonLogLine>>(() => [.. SwitchLog.SinceBoot(state)]);
        Distribution = Distributions.Of(state.Kernel.Facts.Release, state.Platform.Distribution);
    }

    /// <summary>What the operator means.</summary>
    public HostIntent Intent { get; }

    /// <summary>What the host is.</summary>
    public HostState State { get; }

    /// <summary>The flows of each datapath. Absent: there is no Open vSwitch, or nobody asked. Failed: not
    /// read.</summary>
    public Reading<ImmutableArray<DatapathFlows>> Flows { get; init; } =
        Reading.Failed<ImmutableArray<DatapathFlows>>("the flows were not read");

    /// <summary>OpenFlow rules with conntrack, of each bridge. Absent: there is no Open vSwitch, or nobody asked.
    /// Failed: not read.</summary>
    public Reading<ImmutableArray<ConntrackRules>> OpenFlow { get; init; } =
        Reading.Absent<ImmutableArray<ConntrackRules>>("the OpenFlow rules were not read");

    /// <summary>What the last apply since the boot wrote down, oldest first. Absent: there was none.</summary>
    public Reading<ImmutableArray<JournalLine>> Journal { get; init; } =
        Reading.Failed<ImmutableArray<JournalLine>>("the journal of the last apply was not read");

    /// <summary>
    /// Records of the kernel's log that name a PF of this host or its driver: dozens of checks go through them, and
    /// most of the log is about something else. Empty where the log was not read.
    /// </summary>
    public ImmutableArray<KernelLogRecord> NicLog => _nicLog.Value;

    /// <summary>Lines of ovs-vswitchd's log since the boot. Empty where the log was not read.</summary>
    public ImmutableArray<DaemonLogLine> SwitchLines => _switchLog.Value;

    /// <summary>Whose commands a fix has to name.</summary>
    public Distribution Distribution { get; }

    /// <summary>What the configuration says of a PF that it manages; null when it says nothing.</summary>
    public NicIntent? IntentOf(PhysicalFunction pf) => _intents.GetValueOrDefault(pf.Address);

    /// <summary>
    /// Whether flows are meant to be offloaded: the configuration says so; where it says nothing, a PF in switchdev
    /// mode does, if the PFs could be read.
    /// </summary>
    public bool OffloadExpected => Intent.OpenVSwitch.HwOffload
        ?? State.KnownFunctions.Any(pf => pf.Mode == EswitchMode.Switchdev);

    /// <summary>Why <see cref="OffloadExpected"/> is as it is, for evidence.</summary>
    public string OffloadReason => Intent.OpenVSwitch.HwOffload switch
    {
        true => $"{Intent.OpenVSwitch.Source["hw-offload"]}: hw-offload: true",
        false => $"{Intent.OpenVSwitch.Source["hw-offload"]}: hw-offload: false",
        null when State.PhysicalFunctions.IsFailed =>
            $"cannot read the physical functions: {State.PhysicalFunctions.Why}",
        null => State.KnownFunctions.FirstOrDefault(pf => pf.Mode == EswitchMode.Switchdev) is { } pf
            ? $"{pf.Address} is in switchdev mode"
            : "no PF is in switchdev mode, and the configuration does not set hw-offload",
    };

    /// <summary>What of the configuration is about Open vSwitch; null where nothing is.</summary>
    public string? SwitchOfIntent =>
        Intent.Bridges is [{ } bridge, ..] ? $"the configuration has bridge {bridge.Name}"
        : Intent.OpenVSwitch.Settings.Any() ? "the configuration sets openvswitch"
        : null;

    /// <summary>
    /// Why Open vSwitch has to answer on this host: the configuration wants it, or it is installed. Null where nobody
    /// needs it.
    /// </summary>
    public string? WhySwitch => SwitchOfIntent
        ?? (State.OpenVSwitch.Installation.TryGet(out SwitchInstallation? installed)
            ? $"Open vSwitch is installed ({installed.Signs[0]})"
        : State.OpenVSwitch is { Database.IsAbsent: true, Installation.IsAbsent: true } ? null
        : "Open vSwitch may be there");

    /// <summary>
    /// The bridge of the configuration that has the representors of a PF plugged by this program, and its name; null
    /// where somebody else plugs them.
    /// </summary>
    public BridgeIntent? RepresentorBridgeOf(PhysicalFunction pf)
    {
        if (!State.OpenVSwitch.Agents.IsEmpty || IntentOf(pf) is null)
        {
            return null;
        }

        return Intent.Bridges.FirstOrDefault(bridge =>
            bridge is { Managed: Management.Full, Representors: RepresentorPorts.All }
            && (Matches(bridge.Uplink.Pf)
                || Intent.Bonds.Any(bond => bond.Name == bridge.Uplink.Bond && bond.Members.Any(Matches))));

        bool Matches(PfReference? reference) => reference is not null && pf.Matches(reference);
    }

    private static ImmutableArray<KernelLogRecord> LinesOfNics(HostState state)
    {
        string[] names =
        [
            .. state.KnownFunctions
                .SelectMany(pf => new[] { pf.Address.ToString(), pf.Driver, pf.Model.Generation.Driver.Name })
                .OfType<string>().Distinct(),
        ];
        return
        [
            .. state.Kernel.Log.ValueOr([])
                .Where(record => names.Any(name => record.Text.Contains(name, StringComparison.Ordinal))),
        ];
    }
}
