using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Testing;

/// <summary>Open vSwitch of a fixture host: the rows of its database, and what ovs-vswitchd answers.</summary>
internal sealed class FixtureSwitch(HostDescription host) : IOvsdbRows, IUnixctlAnswers
{
    private const string Datapath = "system@ovs-system";

    private readonly SwitchDescription? _described = host.Switch;
    private int _ids;

    public bool IsPresent => _described is not null;

    /// <summary>How many flows the revalidators say there are.</summary>
    public int CurrentFlows { get; set; } = 12;

    /// <summary>Answers to commands besides those that always are answered.</summary>
    public Dictionary<string, string> More { get; } = [];

    public Task<IReadOnlyDictionary<string, JsonElement>> RowsAsync(CancellationToken cancellationToken)
    {
        var interfaces = new JsonArray();
        var ports = new JsonArray();
        _ids = 0;
        Add(host.Bridge, "internal", []);
        foreach ((_, string name) in host.BridgePorts)
        {
            Add(name, "", []);
        }

        foreach (VfDescription vf in host.Vfs)
        {
            Add(vf.Representor, "",
                [
                    ("iface-id", $"port-{vf.Port.Number}-{vf.Index}-web-shop"),
                    ("attached-mac", $"52:54:00:00:{vf.Port.Number:x2}:{vf.Index:x2}"),
                    ("vm-name", "web-shop-1"), ("psk", "swordfish"),
                ]);
        }

        var tables = new JsonObject
        {
            ["Open_vSwitch"] = Rows(new JsonObject
            {
                ["_uuid"] = Id(1_000_000),
                ["bridges"] = Set(Id(1_000_001)),
                ["ovs_version"] = _described!.Version,
                ["db_version"] = "8.5.0",
                ["other_config"] = Map([("hw-offload", "true")]),
                ["external_ids"] = Map([("system-id", "hyp7"), ("ovn-encap-ip", HostDescription.Address)]),
                ["next_cfg"] = 4,
                ["cur_cfg"] = 4,
            }),
            ["Manager"] = Rows(),
            ["Bridge"] = Rows(new JsonObject
            {
                ["_uuid"] = Id(1_000_001),
                ["name"] = host.Bridge,
                ["datapath_type"] = "system",
                ["ports"] = Set([.. ports.Select(port => port!["_uuid"]!.DeepClone())]),
            }),
            ["Controller"] = Rows(),
            ["Port"] = Rows([.. ports]),
            ["Interface"] = Rows([.. interfaces]),
        };
        using var document = JsonDocument.Parse(tables.ToJsonString());
        return Task.FromResult<IReadOnlyDictionary<string, JsonElement>>(
            document.RootElement.EnumerateObject().ToDictionary(table => table.Name, table => table.Value.Clone()));

        void Add(string name, string type, (string, string)[] externalIds)
        {
            int id = ++_ids;
            interfaces.Add(new JsonObject
            {
                ["_uuid"] = Id(id),
                ["name"] = name,
                ["type"] = type,
                ["ofport"] = id,
                ["admin_state"] = "up",
                ["link_state"] = "up",
                ["mac_in_use"] = "52:54:00:aa:bb:cc",
                ["mtu"] = 1500,
                ["mtu_request"] = externalIds.Length > 0 ? 1500 : Set(),
                ["ifindex"] = id,
                ["external_ids"] = Map(externalIds),
            });
            ports.Add(new JsonObject { ["_uuid"] = Id(id + 100_000), ["name"] = name, ["interfaces"] = Id(id) });
        }
    }

    public Task<string> CallAsync(
        string method, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        string command = string.Join(' ', arguments.Prepend(method));
        return _described is null
            ? throw new DaemonUnreachableException(method, "/run/openvswitch", "there is no ovs-vswitchd.pid")
            : command switch
            {
                "version" => Task.FromResult($"ovs-vswitchd (Open vSwitch) {_described.Version}\n"),
                "upcall/show" => Task.FromResult(
                    $"{Datapath}:\n  flows         : (current {CurrentFlows}) (avg 12) (max 20) (limit 200000)\n"
                    + "  dump duration : 1ms\n  ufid enabled : true\n\n  0: (keys 12)\n"),
                "dpctl/dump-dps" => Task.FromResult($"{Datapath}\n"),
                _ when More.TryGetValue(command, out string? asked) => Task.FromResult(asked),
                $"dpctl/dump-flows -m {Datapath}" => Task.FromResult(Flows()),
                _ when command == $"bridge/dump-flows {host.Bridge}" => Task.FromResult(
                    "duration=864000s, n_packets=1200, n_bytes=100000, priority=0,actions=NORMAL\n"),
                _ when More.TryGetValue(method, out string? text) => Task.FromResult(text),
                _ => throw new ErrorReplyException(
                    method, "/run/openvswitch/ctl", $"\"{method}\" is not a valid command"),
            };
    }

    /// <summary>The way out and the way in of each VF, both in hardware, and ARP in software.</summary>
    private string Flows()
    {
        var text = new StringBuilder();
        (_, string uplink) = host.BridgePorts.First();
        foreach (VfDescription vf in host.Vfs)
        {
            Append(vf.Number * 2, vf.Representor, uplink, "0x0800", "offloaded:yes, dp:tc");
            Append(vf.Number * 2 + 1, uplink, vf.Representor, "0x0800", "offloaded:yes, dp:tc");
        }

        Append(1_000_000, uplink, host.Bridge, "0x0806", "dp:ovs");
        return text.ToString();

        void Append(int number, string input, string output, string type, string state) => text
            .Append(CultureInfo.InvariantCulture, $"ufid:00000000-0000-4000-8000-{number:x12}, recirc_id(0),")
            .Append(CultureInfo.InvariantCulture, $"in_port({input}),eth(src=52:54:00:12:34:56,")
            .Append(CultureInfo.InvariantCulture, $"dst=52:54:00:aa:bb:cc),eth_type({type}), ")
            .Append(CultureInfo.InvariantCulture, $"packets:12, bytes:3456, used:0.120s, {state}, actions:{output}\n");
    }

    private static JsonObject Rows(params JsonNode?[] rows) =>
        new() { ["rows"] = new JsonArray([.. rows.Select(Free)]) };

    private static JsonNode? Free(JsonNode? node) => node?.Parent is null ? node : node.DeepClone();

    private static JsonArray Id(int number) =>
        new("uuid", string.Create(CultureInfo.InvariantCulture, $"00000000-0000-4000-8000-{number:000000000000}"));

    private static JsonArray Set(params JsonNode[] items) => new("set", new JsonArray([.. items.Select(Free)]));

    private static JsonArray Map((string Key, string Value)[] pairs) =>
        new("map", new JsonArray([.. pairs.Select(pair => (JsonNode)new JsonArray(pair.Key, pair.Value))]));
}
