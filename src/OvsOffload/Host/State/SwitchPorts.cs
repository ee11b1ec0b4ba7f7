using System.Collections.Immutable;
using OvsOffload.Netlink;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;

namespace OvsOffload.Host;

/// <summary>
/// Which devices are ports of Open vSwitch beside which others: by its database, and where that does not answer by the
/// kernel's datapaths, which forward without it. Pure.
/// </summary>
internal sealed record SwitchPorts
{
    /// <summary>IFLA_INFO_KIND of an internal port of a datapath in the kernel, and of the datapath's own
    /// device.</summary>
    public const string KernelKind = "openvswitch";

    /// <summary>IFLA_INFO_KIND of an internal port of a datapath in user space; also of a VPN's device.</summary>
    private const string UserSpaceKind = "tun";

    /// <summary>Where there is no Open vSwitch.</summary>
    public static readonly SwitchPorts None = new()
    {
        Database = Reading.Absent<OpenVSwitchDatabase>("no Open vSwitch"),
        Datapaths = Reading.Known<ImmutableArray<KernelDatapath>>([]),
        DaemonRuns = Reading.Known(false),
    };

    private readonly Reading<OpenVSwitchDatabase> _database;
    private readonly ImmutableArray<ImmutableHashSet<string>> _bridges = [];

    /// <summary>The database; absent where it has no socket, which does not mean that there are no ports.</summary>
    public required Reading<OpenVSwitchDatabase> Database
    {
        get => _database;
        init
        {
            _database = value;
            _bridges = value.TryGet(out OpenVSwitchDatabase? rows) ? Bridges(rows) : [];
        }
    }

    /// <summary>The datapaths in the kernel.</summary>
    public required Reading<ImmutableArray<KernelDatapath>> Datapaths { get; init; }

    /// <summary>
    /// Whether there is a process ovs-vswitchd: without one there is no datapath in user space. Of use only where the
    /// database does not answer.
    /// </summary>
    public required Reading<bool> DaemonRuns { get; init; }

    /// <summary>
    /// Whether a device can be an internal port, by which the host itself sends through Open vSwitch.
    /// </summary>
    public static bool CanBeInternal(NetDevice device) => device.Kind is KernelKind or UserSpaceKind;

    /// <summary>
    /// The names of the ports by which traffic of an internal port may leave; empty where the device is no port. Failed
    /// where that cannot be told: then it may be any device.
    /// </summary>
    public Reading<ImmutableHashSet<string>> EgressPorts(NetDevice device)
    {
        ImmutableHashSet<string> bridge = [.. _bridges.Where(device.IsAmong).SelectMany(x => x)];
        if (device.Kind == UserSpaceKind)
        {
            return Database.IsKnown || !DaemonRuns.ValueOr(true)
                ? Reading.Known(bridge)
                : Unknown(device, $"it may be a port of a userspace datapath ({DaemonStatus})");
        }

        if (device.Kind != KernelKind)
        {
            return Reading.Known(bridge);
        }

        if (!Datapaths.TryGet(out ImmutableArray<KernelDatapath> datapaths))
        {
            return bridge.IsEmpty ? Unknown(device, $"the kernel: {Datapaths.Why}") : Reading.Known(bridge);
        }

        KernelDatapath? own = datapaths.FirstOrDefault(datapath => datapath.Ports.Contains(device.Name));
        if (bridge.IsEmpty)
        {
            return own is null
                ? Unknown(device, "the kernel: it is in no datapath")
                : Reading.Known(own.Ports);
        }

        // What the datapath has and the database does not know may belong to any bridge.
        return Reading.Known(bridge.Union(
            own?.Ports.Where(port => !_bridges.Any(names => names.Contains(port))) ?? []));
    }

    /// <summary>
    /// Whether a device that is no internal port is a port of Open vSwitch; failed where that cannot be told.
    /// </summary>
    public Reading<bool> Has(NetDevice device)
    {
        if (_bridges.Any(device.IsAmong)
            || Datapaths.ValueOr([]).Any(datapath => datapath.Ports.Contains(device.Name)))
        {
            return Reading.Known(true);
        }

        return Database.IsKnown ? Reading.Known(false)
            : Datapaths.IsFailed ? Unknown<bool>(device, $"the kernel: {Datapaths.Why}")
            : !DaemonRuns.ValueOr(true) ? Reading.Known(false)
            : Unknown<bool>(device, $"it may be a port of a userspace datapath ({DaemonStatus})");
    }

    private string DaemonStatus => DaemonRuns.IsKnown ? "ovs-vswitchd runs" : DaemonRuns.Why;

    private Reading<ImmutableHashSet<string>> Unknown(NetDevice device, string more) =>
        Unknown<ImmutableHashSet<string>>(device, more);

    private Reading<T> Unknown<T>(NetDevice device, string more) => Reading.Failed<T>(
        $"cannot read which Open vSwitch ports belong with {device.Name}: ovsdb-server: {Database.Why}; {more}. Start "
            + "Open vSwitch (systemctl start openvswitch-switch, or openvswitch) and try again");

    /// <summary>The names of the interfaces of each bridge, those that patch ports connect as one.</summary>
    private static ImmutableArray<ImmutableHashSet<string>> Bridges(OpenVSwitchDatabase database)
    {
        var joined = new List<ImmutableHashSet<string>>();
        foreach (OvsBridge bridge in database.Bridges)
        {
            OvsInterface[] rows = [.. bridge.Ports.SelectMany(port => port.Interfaces)];
            ImmutableHashSet<string> names = [bridge.Name, .. rows.Select(row => row.Name)];
            ImmutableHashSet<string> peers = [.. rows.Select(PeerOf).OfType<string>()];
            ImmutableHashSet<string>[] met = [.. joined.Where(other => other.Overlaps(names) || other.Overlaps(peers))];
            joined.RemoveAll(other => met.Contains(other));
            joined.Add([.. names, .. met.SelectMany(other => other), .. peers]);
        }

        return [.. joined];
    }

    /// <summary>options:peer of a patch port (ovs-vswitchd.conf.db(5)): the port of the other bridge.</summary>
    private static string? PeerOf(OvsInterface row) =>
        row.Type == "patch" && row.Options.TryGetValue("peer", out string? peer) ? peer : null;
}
