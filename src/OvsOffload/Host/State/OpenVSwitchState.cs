using System.Collections.Immutable;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;
using OvsOffload.Platform;

namespace OvsOffload.Host;

/// <summary>Open vSwitch as found: what is configured, and what is in force.</summary>
internal sealed record OpenVSwitchState
{
    /// <summary>The configuration database. Absent: there is no socket, so no Open vSwitch is running.</summary>
    public required Reading<OpenVSwitchDatabase> Database { get; init; }

    /// <summary>
    /// ovs-vswitchd's version; the reading is known only while the daemon answers on its control socket.
    /// </summary>
    public required Reading<string> Daemon { get; init; }

    /// <summary>
    /// Whether hardware offload is in force, from its effects (ingress qdiscs on ports, dp:tc flows,
    /// dpif/offload/show). Absent: nothing shows it either way, for example a switch without ports.
    /// </summary>
    public required Reading<HwOffloadEffect> HwOffload { get; init; }

    /// <summary><c>upcall/show</c>, one entry a datapath.</summary>
    public required Reading<IReadOnlyList<UpcallShow>> Upcalls { get; init; }

    /// <summary>The end of ovs-vswitchd's log. Absent: no log file.</summary>
    public required Reading<DaemonLogTail> Log { get; init; }

    /// <summary>
    /// The names of ovs-vswitchd's log modules; null where it has not told them. Only a command that is printed depends
    /// on them, no finding.
    /// </summary>
    public IReadOnlySet<string>? LogModules { get; init; }

    /// <summary>What shows that it is installed, be it running or not. Absent: nothing does.</summary>
    public Reading<SwitchInstallation> Installation { get; init; } =
        Reading.Absent<SwitchInstallation>("no file, unit or device of Open vSwitch");

    /// <summary>Which devices are its ports, also where the database does not answer.</summary>
    public SwitchPorts Ports { get; init; } = SwitchPorts.None;

    /// <summary>
    /// Who else manages this switch; empty when nobody is found, and when the database was not read, which whoever asks
    /// has to look at first.
    /// </summary>
    public ImmutableArray<string> Agents { get; init; } = [];

    /// <summary>
    /// The MTU in bytes that the Interface of a device asks for (<c>mtu_request</c>); null where it has none, and where
    /// the database was not read, which whoever asks has to look at first.
    /// </summary>
    public long? MtuRequestOf(NetDevice device) => Database.ValueOrDefault()?.Interfaces
        .FirstOrDefault(row => device.HasName(row.Name))?.MtuRequest;
}

/// <summary>Whether hw-offload has taken effect, and what shows it.</summary>
/// <param name="IsActive">Whether flows are handed to tc.</param>
/// <param name="Evidence">What was seen: <c>ingress qdisc on eth4</c>.</param>
internal sealed record HwOffloadEffect(bool IsActive, string Evidence)
{
    /// <summary>
    /// The ports without an ingress qdisc, while hw-offload is in force: what comes in there stays in software.
    /// </summary>
    public Reading<ImmutableArray<string>> PortsWithoutQdisc { get; init; }

    /// <summary>The ports that offload providers have taken (<c>dpif/offload/show</c>, 3.7 and later); null where the
    /// daemon does not show them.</summary>
    public IReadOnlySet<string>? TakenPorts { get; init; }

    /// <summary>
    /// Whether no provider has taken a port that is a netdev of the system, while some port was taken.
    /// </summary>
    public bool Lacks(OvsInterface row) =>
        row is { Type.Length: 0, OfPort: > 0 } && TakenPorts is { Count: > 0 } taken && !taken.Contains(row.Name);
}
