using System.Collections.Immutable;
using OvsOffload.Flows;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;
using OvsOffload.Planning;
using OvsOffload.Platform;
using OvsOffload.Sysfs;

namespace OvsOffload.Verifying;

/// <summary>
/// Everything that a check may look at: what the operator means, what the host is, and two facts that cost more and are
/// read only for some. Immutable.
/// </summary>
internal sealed class VerifyInput
{
    private readonly ImmutableDictionary<PciAddress, NicIntent> _wishes;
    private readonly Lazy<ImmutableArray<KernelLogRecord>> _nicLog;
    private readonly Lazy<ImmutableArray<DaemonLogLine>> _switchLog;

    /// <param name="intent">What the operator means; <see cref="HostIntent.Observe"/> without a configuration.</param>
    /// <param name="state">What the host is.</param>
    public VerifyInput(HostIntent intent, HostState state)
    {
        Intent = intent;
        State = state;
        _wishes = Planner.Managed(intent, state);
        _nicLog = new Lazy<ImmutableArray<KernelLogRecord>>(() => LinesOfNics(state));
        _switchLog = new Lazy<ImmutableArray<DaemonLogLine>>(() => [.. SwitchLog.SinceBoot(state)]);
        Distribution = Distributions.Of(state.Kernel.Facts.Release, state.Platform.Distribution);
    }

    public HostIntent Intent { get; }

    public HostState State { get; }

    /// <summary>The flows of each datapath. Failed: not read.</summary>
    public Reading<ImmutableArray<FlowFacts>> Flows { get; init; } =
        Reading.Failed<ImmutableArray<FlowFacts>>("the flows were not read");

    /// <summary>OpenFlow rules with conntrack, of each bridge. Absent or failed: they were not asked for, or could not
    /// be
    /// read.</summary>
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

    /// <summary>What the configuration says of a PF; null when it says nothing.</summary>
    public NicIntent? WishOf(PhysicalFunction pf) => _wishes.GetValueOrDefault(pf.Address);

    /// <summary>
    /// Whether flows are meant to be offloaded: the configuration says so; where it says nothing, a PF in switchdev
    /// mode does, if the PFs could be read.
    /// </summary>
    public bool WantsOffload => Intent.OpenVSwitch.HwOffload
        ?? State.KnownFunctions.Any(pf => pf.Mode == EswitchMode.Switchdev);

    /// <summary>Why <see cref="WantsOffload"/> is as it is, for evidence.</summary>
    public string WhyOffload => Intent.OpenVSwitch.HwOffload switch
    {
        true => $"{Intent.OpenVSwitch.Source["hw-offload"]}: hw-offload: true",
        false => $"{Intent.OpenVSwitch.Source["hw-offload"]}: hw-offload: false",
        null when State.PhysicalFunctions.IsFailed => Objects.Unread(State.PhysicalFunctions),
        null => State.KnownFunctions.FirstOrDefault(pf => pf.Mode == EswitchMode.Switchdev) is { } pf
            ? $"{pf.Address} is in switchdev mode"
            : "no PF is in switchdev mode, and the configuration does not set hw-offload",
    };

    /// <summary>An error where offload is wanted, else info.</summary>
    public FindingStatus ErrorIfOffloadIsWanted => WantsOffload ? FindingStatus.Error : FindingStatus.Info;

    /// <summary>Whether other_config:hw-offload is true, in any case of letters as ovs-vswitchd takes it (lib/smap.c,
    /// smap_get_bool).</summary>
    public static bool IsOffloadConfigured(OpenVSwitchDatabase database) =>
        string.Equals(database.OtherConfig.GetValueOrDefault("hw-offload"), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// The bridge of the configuration that has the representors of a PF plugged by this program, and its name; null
    /// where somebody else plugs them.
    /// </summary>
    public BridgeIntent? PluggerOf(PhysicalFunction pf)
    {
        if (!State.OpenVSwitch.Agents.IsEmpty || WishOf(pf) is not { Managed: Management.Full } wish)
        {
            return null;
        }

        return Intent.Bridges.FirstOrDefault(bridge =>
            bridge is { Managed: Management.Full, Representors: RepresentorPorts.All }
            && (Means(bridge.Uplink.Pf)
                || Intent.Bonds.Any(bond => bond.Name == bridge.Uplink.Bond && bond.Members.Any(Means))));

        bool Means(PfReference? reference) => reference is not null && (reference == wish.Pf || Names(reference, pf));
    }

    /// <summary>Whether a reference of the configuration is to a PF, by address, name or permanent MAC.</summary>
    internal static bool Names(PfReference reference, PhysicalFunction pf) =>
        reference.Value == pf.Address.ToString()
        || (pf.Uplink?.IsCalled(reference.Value) ?? false)
        || (pf.Uplink?.PermanentAddress ?? pf.Uplink?.Address)?.ToString() == reference.Value;

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
