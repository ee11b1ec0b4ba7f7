using System.Text;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;

namespace OvsOffload.Service;

/// <summary>
/// Follows Open vSwitch's database over a monitor, keeps its content at hand for scrapes, and says when something
/// changed that could be drift.
/// </summary>
internal sealed class DatabaseWatch(OvsdbOptions options, ChangeSignal changes, TimeProvider time)
{
    /// <summary>A burst of changes is read once: ports of a whole bridge come one by one.</summary>
    private static readonly ChangeOptions Batching = new()
    {
        Quiet = TimeSpan.FromMilliseconds(100),
        Longest = TimeSpan.FromSeconds(1),
    };

    /// <summary>
    /// OVN's counters on the integration bridge: they say that OVN is alive, and change all the time.
    /// </summary>
    private const string OvnCounters = "ovn-nb-cfg";

    private OpenVSwitchDatabase? _current;
    private string? _fingerprint;
    private volatile bool _hasTried;

    /// <summary>Whether it has been tried at all: before that nothing is known, not even that it is down.</summary>
    public bool HasTried => _hasTried;

    /// <summary>The database; null while ovsdb-server does not answer.</summary>
    public OpenVSwitchDatabase? Current => Volatile.Read(ref _current);

    /// <summary>Whether there is a socket of ovsdb-server at all; true where that cannot be told.</summary>
    public bool SocketExists => !HostFile.IsAbsent(options.SocketPath);

    /// <summary>Follows until the connection breaks.</summary>
    /// <exception cref="OpenVSwitchException">ovsdb-server is not there, or went away.</exception>
    public async Task FollowAsync(CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var dirty = new ChangeSignal(Batching, time);
        Task watching = WatchAsync(dirty, stop.Token);
        Task reading = ReadAsync(dirty, stop.Token);
        try
        {
            await await Task.WhenAny(watching, reading);
        }
        finally
        {
            bool answered = Interlocked.Exchange(ref _current, null) is not null;
            _hasTried = true;
            _fingerprint = null;
            await stop.CancelAsync();
            await Task.WhenAll(watching, reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

            // A server that was never there is no change; to read the host for every attempt would be polling.
            if (answered)
            {
                changes.Raise("lost the connection to ovsdb-server");
            }
        }
    }

    private async Task WatchAsync(ChangeSignal dirty, CancellationToken cancellation)
    {
        var watch = new OpenVSwitchChanges(options, time);
        await foreach (IReadOnlyList<string> tables in watch.WatchAsync(cancellation))
        {
            dirty.Raise(string.Join(", ", tables));
        }
    }

    private async Task ReadAsync(ChangeSignal dirty, CancellationToken cancellation)
    {
        var reader = new OpenVSwitchReader(options, time);
        await foreach (string? tables in dirty.ReadAllAsync(atMost: null, cancellation))
        {
            OpenVSwitchDatabase database = await reader.ReadAsync(cancellation);
            Volatile.Write(ref _current, database);
            _hasTried = true;
            string now = Fingerprint(database);
            if (now != _fingerprint)
            {
                _fingerprint = now;
                changes.Raise($"Open vSwitch database changed ({tables})");
            }
        }
    }

    /// <summary>What of the database could be drift, as text: equal texts mean that nothing of it changed.</summary>
    internal static string Fingerprint(OpenVSwitchDatabase database)
    {
        StringBuilder text = new StringBuilder().Append(database.OvsVersion);
        Add(database.OtherConfig);
        Add(database.ExternalIds);
        text.AppendJoin(' ', database.Managers.Select(manager => manager.Target));
        foreach (OvsBridge bridge in database.Bridges)
        {
            text.Append('\n').AppendJoin('|', bridge.Id, bridge.Name, bridge.DatapathType, bridge.FailMode);
            text.AppendJoin(' ', bridge.Controllers.Select(controller => controller.Target));
            Add(bridge.OtherConfig);
            Add(bridge.ExternalIds);
            foreach (OvsPort port in bridge.Ports)
            {
                text.Append('\n').AppendJoin('|', port.Id, port.Name, port.Tag, port.BondMode);
                Add(port.OtherConfig);
                Add(port.ExternalIds);
                foreach (OvsInterface one in port.Interfaces)
                {
                    text.Append('\n').AppendJoin(
                        '|', one.Id, one.Name, one.Type, one.OfPort, one.Error, one.IngressPolicingRate);
                    Add(one.Options);
                    Add(one.OtherConfig);
                    Add(one.ExternalIds);
                }
            }
        }

        return text.ToString();

        void Add(IReadOnlyDictionary<string, string> pairs)
        {
            foreach ((string key, string value) in pairs.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                if (!key.StartsWith(OvnCounters, StringComparison.Ordinal))
                {
                    text.Append('{').Append(key).Append('=').Append(value).Append('}');
                }
            }
        }
    }
}
