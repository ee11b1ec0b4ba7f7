using System.Text.Json;

namespace OvsOffload.OpenVSwitch;

/// <summary>Reads <see cref="OpenVSwitchDatabase"/> in one transaction, so that all of it is of one moment.</summary>
internal sealed class OpenVSwitchReader(OvsdbOptions options, TimeProvider time) : IOvsdbRows
{
    private const string Operation = "read the Open_vSwitch database";

    private static readonly (string Table, string[] Columns)[] Selected =
    [
        ("Open_vSwitch",
            ["bridges", "manager_options", "ovs_version", "db_version", "other_config", "external_ids", "next_cfg",
             "cur_cfg"]),
        ("Manager", ["target", "is_connected"]),
        ("Bridge",
            ["name", "ports", "controller", "datapath_type", "fail_mode", "other_config", "external_ids", "mirrors",
             "sflow", "netflow", "ipfix"]),
        ("Controller", ["target", "is_connected"]),
        ("Port", ["name", "interfaces", "tag", "trunks", "bond_mode", "other_config", "external_ids"]),
        ("Interface",
            ["name", "type", "ofport", "error", "admin_state", "link_state", "mac_in_use", "mtu", "mtu_request",
             "ifindex", "ingress_policing_rate", "ingress_policing_burst", "options", "status", "other_config",
             "external_ids"]),
    ];

    /// <summary>Columns of Bridge that make it report samples of its traffic.</summary>
    private static readonly string[] SamplerColumns = ["sflow", "netflow", "ipfix"];

    /// <summary>Connects, reads and closes the connection.</summary>
    /// <exception cref="OpenVSwitchException">ovsdb-server is not there, or does not answer as it should.</exception>
    public async Task<OpenVSwitchDatabase> ReadAsync(CancellationToken cancellationToken)
    {
        return Assemble(await RowsAsync(cancellationToken), options.SocketPath);
    }

    /// <inheritdoc/>
    public bool IsPresent => options.Absence is null;

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, JsonElement>> RowsAsync(CancellationToken cancellationToken)
    {
        if (options.Recorded is { } recorded)
        {
            return await recorded.RowsAsync(cancellationToken);
        }

        using OvsdbClient client = await OvsdbClient.ConnectAsync(options, time, cancellationToken);
        return await RowsAsync(client, cancellationToken);
    }

    /// <summary>Reads over a connection that is there.</summary>
    /// <inheritdoc cref="ReadAsync(CancellationToken)"/>
    public static async Task<OpenVSwitchDatabase> ReadAsync(
        OvsdbClient client, CancellationToken cancellationToken) =>
        Assemble(await RowsAsync(client, cancellationToken), client.Endpoint);

    private static async Task<IReadOnlyDictionary<string, JsonElement>> RowsAsync(
        OvsdbClient client, CancellationToken cancellationToken)
    {
        try
        {
            return await RowsAsync(client, static (_, columns) => ["_uuid", .. columns], cancellationToken);
        }
        catch (OvsdbOperationException)
        {
            // An old version lacks a column. Only then is the schema asked for, which is longer than most databases.
            OvsdbSchema schema = await client.SchemaAsync(OpenVSwitchDatabase.Name, cancellationToken);
            return await RowsAsync(client, schema.Existing, cancellationToken);
        }
    }

    private static async Task<IReadOnlyDictionary<string, JsonElement>> RowsAsync(
        OvsdbClient client, Func<string, IEnumerable<string>, IEnumerable<string>> columns,
        CancellationToken cancellationToken)
    {
        IReadOnlyList<JsonElement> results = await client.TransactAsync(
            Operation,
            OpenVSwitchDatabase.Name,
            [.. Selected.Select(
                select => OvsdbOperation.Select(select.Table, columns(select.Table, select.Columns)))],
            cancellationToken);
        return Selected.Zip(results).ToDictionary(pair => pair.First.Table, pair => pair.Second);
    }

    private static OpenVSwitchDatabase Assemble(IReadOnlyDictionary<string, JsonElement> results, string endpoint)
    {
        try
        {
            return Assemble(results);
        }
        catch (FormatException e)
        {
            throw new MalformedReplyException(Operation, endpoint, e.Message, e);
        }
    }

    private static OpenVSwitchDatabase Assemble(IReadOnlyDictionary<string, JsonElement> results)
    {
        Dictionary<string, IReadOnlyList<OvsdbRow>> rows = Selected.ToDictionary(
            selected => selected.Table,
            selected => OvsdbRow.Rows(selected.Table, results.TryGetValue(selected.Table, out JsonElement result)
                ? result
                : throw new FormatException($"no rows of table {selected.Table}")));
        Dictionary<Guid, OvsTarget> managers = Index(rows["Manager"], ReadTarget);
        Dictionary<Guid, OvsTarget> controllers = Index(rows["Controller"], ReadTarget);
        Dictionary<Guid, OvsInterface> interfaces = Index(rows["Interface"], ReadInterface);
        Dictionary<Guid, OvsPort> ports = Index(rows["Port"], row => ReadPort(row, interfaces));
        Dictionary<Guid, OvsBridge> bridges = Index(rows["Bridge"], row => ReadBridge(row, ports, controllers));
        if (rows["Open_vSwitch"] is not [var root])
        {
            throw new FormatException(
                $"{rows["Open_vSwitch"].Count} rows in table Open_vSwitch instead of one: "
                + "was the database ever initialised?");
        }

        return new OpenVSwitchDatabase
        {
            RootId = root.Id,
            OvsVersion = root.OptionalText("ovs_version"),
            DbVersion = root.OptionalText("db_version"),
            OtherConfig = root.Map("other_config"),
            ExternalIds = root.Map("external_ids"),
            NextCfg = root.Integer("next_cfg"),
            CurCfg = root.Integer("cur_cfg"),
            Managers = Resolve(root, "manager_options", managers),
            Bridges = [.. Resolve(root, "bridges", bridges).OrderBy(bridge => bridge.Name, StringComparer.Ordinal)],
        };
    }

    private static OvsTarget ReadTarget(OvsdbRow row) => new(row.Text("target"), row.Boolean("is_connected"));

    private static OvsBridge ReadBridge(
        OvsdbRow row, IReadOnlyDictionary<Guid, OvsPort> ports, IReadOnlyDictionary<Guid, OvsTarget> controllers) =>
        new()
        {
            Id = row.Id,
            Name = row.Text("name"),
            DatapathType = row.Text("datapath_type"),
            FailMode = row.OptionalText("fail_mode"),
            Controllers = Resolve(row, "controller", controllers),
            OtherConfig = row.Map("other_config"),
            ExternalIds = row.Map("external_ids"),
            Mirrors = row.References("mirrors").Count,
            Samplers = [.. SamplerColumns.Where(column => row.References(column).Count > 0)],
            Ports = [.. Resolve(row, "ports", ports).OrderBy(port => port.Name, StringComparer.Ordinal)],
        };

    private static OvsPort ReadPort(OvsdbRow row, IReadOnlyDictionary<Guid, OvsInterface> interfaces) =>
        new()
        {
            Id = row.Id,
            Name = row.Text("name"),
            Tag = row.OptionalInteger("tag"),
            Trunks = row.Integers("trunks"),
            BondMode = row.OptionalText("bond_mode"),
            ExternalIds = row.Map("external_ids"),
            OtherConfig = row.Map("other_config"),
            Interfaces = [.. Resolve(row, "interfaces", interfaces).OrderBy(one => one.Name, StringComparer.Ordinal)],
        };

    private static OvsInterface ReadInterface(OvsdbRow row) =>
        new()
        {
            Id = row.Id,
            Name = row.Text("name"),
            Type = row.Text("type"),
            OfPort = row.OptionalInteger("ofport"),
            Error = row.OptionalText("error"),
            AdminState = row.OptionalText("admin_state"),
            LinkState = row.OptionalText("link_state"),
            MacInUse = row.OptionalText("mac_in_use"),
            Mtu = row.OptionalInteger("mtu"),
            MtuRequest = row.OptionalInteger("mtu_request"),
            IfIndex = row.OptionalInteger("ifindex"),
            IngressPolicingRate = row.Integer("ingress_policing_rate"),
            IngressPolicingBurst = row.Integer("ingress_policing_burst"),
            ExternalIds = row.Map("external_ids"),
            Options = row.Map("options"),
            Status = row.Map("status"),
            OtherConfig = row.Map("other_config"),
        };

    private static Dictionary<Guid, T> Index<T>(IEnumerable<OvsdbRow> rows, Func<OvsdbRow, T> read) =>
        rows.ToDictionary(row => row.Id, read);

    private static IReadOnlyList<T> Resolve<T>(OvsdbRow row, string column, IReadOnlyDictionary<Guid, T> rows) =>
        [.. row.References(column).Select(id => rows.TryGetValue(id, out T? referred)
            ? referred
            : throw new FormatException($"{column} refers to {id}, which does not exist"))];
}
