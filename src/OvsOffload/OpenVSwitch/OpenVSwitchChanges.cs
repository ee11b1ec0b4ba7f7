using System.Runtime.CompilerServices;

namespace OvsOffload.OpenVSwitch;

/// <summary>Tells when the configuration of Open vSwitch changed, by whomever.</summary>
internal sealed class OpenVSwitchChanges(OvsdbOptions options, TimeProvider time)
{
    /// <summary>What drift shows in. Left out is what changes by itself: statistics, link states, <c>next_cfg</c>,
    /// <c>cur_cfg</c>.</summary>
    private static readonly (string Table, string[] Columns)[] Watched =
    [
        ("Open_vSwitch", ["bridges", "manager_options", "ovs_version", "other_config", "external_ids"]),
        ("Manager", ["target"]),
        ("Bridge", ["name", "ports", "controller", "datapath_type", "fail_mode", "other_config", "external_ids"]),
        ("Controller", ["target"]),
        ("Port", ["name", "interfaces", "tag", "trunks", "bond_mode", "other_config", "external_ids"]),
        ("Interface",
            ["name", "type", "ofport", "error", "mtu_request", "ingress_policing_rate", "ingress_policing_burst",
             "options", "other_config", "external_ids"]),
    ];

    /// <summary>Gives the names of the tables that changed, once for each change, without end. The first element comes
    /// when the watch stands and names no table: who reads the database after it misses nothing.</summary>
    /// <exception cref="DaemonUnreachableException">ovsdb-server is not there, or went away while watched: watch again
    /// later.</exception>
    /// <exception cref="OpenVSwitchException">It does not answer as it should.</exception>
    public async IAsyncEnumerable<IReadOnlyList<string>> WatchAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using OvsdbClient client = await OvsdbClient.ConnectAsync(options, time, cancellationToken);
        OvsdbSchema schema = await client.SchemaAsync(OpenVSwitchDatabase.Name, cancellationToken);
        Dictionary<string, IReadOnlyList<string>> tables = Watched.ToDictionary(
            watch => watch.Table,
            watch => (IReadOnlyList<string>)[.. watch.Columns.Where(column => schema.Has(watch.Table, column))]);
        bool isFirst = true;
        await foreach (IReadOnlyList<OvsdbRowUpdate> updates in client.MonitorAsync(
            OpenVSwitchDatabase.Name, tables, cancellationToken))
        {
            yield return isFirst ? [] : [.. updates.Select(update => update.Table).Distinct()];
            isFirst = false;
        }
    }
}
