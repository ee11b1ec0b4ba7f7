using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Tests.Bundles;

/// <summary>Open vSwitch of <see cref="FixtureHost"/>.</summary>
internal sealed class FixtureSwitch(int pfs, int vfs) : IOvsdbRows, IUnixctlAnswers
{
    private int _ids;

    public bool IsPresent => true;

    /// <summary>Answers to commands besides those that always are answered.</summary>
    public Dictionary<string, string> More { get; } = [];

    public Task<IReadOnlyDictionary<string, JsonElement>> RowsAsync(CancellationToken cancellationToken)
    {
        var interfaces = new JsonArray();
        var ports = new JsonArray();
        _ids = 0;
        Add("br1", "internal", []);
        for (int pf = 0; pf < pfs; pf++)
        {
            Add($"enp3s0f{pf}np{pf}", "", []);
            for (int vf = 0; vf < vfs; vf++)
            {
                Add($"enp3s0f{pf}np{pf}pf{pf}vf{vf}", "",
                    [
                        ("iface-id", $"port-{pf}-{vf}-web-shop"), ("attached-mac", $"52:54:00:00:{pf:x2}:{vf:x2}"),
                        ("vm-name", "web-shop-1"), ("psk", "swordfish"),
                    ]);
            }
        }

        var tables = new JsonObject
        {
            ["Open_vSwitch"] = Rows(new JsonObject
            {
                ["_uuid"] = Id(1_000_000),
                ["bridges"] = Set(Id(1_000_001)),
                ["ovs_version"] = "3.3.0",
                ["db_version"] = "8.5.0",
                ["other_config"] = Map([("hw-offload", "true")]),
                ["external_ids"] = Map([("system-id", "hyp7"), ("ovn-encap-ip", "10.1.2.3")]),
                ["next_cfg"] = 4,
                ["cur_cfg"] = 4,
            }),
            ["Manager"] = Rows(),
            ["Bridge"] = Rows(new JsonObject
            {
                ["_uuid"] = Id(1_000_001),
                ["name"] = "br1",
                ["datapath_type"] = "system",
                ["ports"] = Set([.. ports.Select(port => port!["_uuid"]!.DeepClone())]),
            }),
            ["Controller"] = Rows(),
            ["Port"] = Rows([.. ports]),
            ["Interface"] = Rows([.. interfaces]),
        };
        using JsonDocument document = JsonDocument.Parse(tables.ToJsonString());
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
                ["ifindex"] = id,
                ["external_ids"] = Map(externalIds),
            });
            ports.Add(new JsonObject { ["_uuid"] = Id(id + 100_000), ["name"] = name, ["interfaces"] = Id(id) });
        }
    }

    public Task<string> CallAsync(
        string method, IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        method switch
        {
            "version" => Task.FromResult("ovs-vswitchd (Open vSwitch) 3.3.0\n"),
            "upcall/show" => Task.FromResult(
                "system@ovs-system:\n  flows         : (current 12) (avg 12) (max 20) (limit 200000)\n"
                + "  dump duration : 1ms\n  ufid enabled : true\n\n  0: (keys 12)\n"),
            _ when More.TryGetValue(method, out string? text) => Task.FromResult(text),
            _ => throw new ErrorReplyException(method, "/run/openvswitch/ctl", $"\"{method}\" is not a valid command"),
        };

    private static JsonObject Rows(params JsonNode?[] rows) =>
        new() { ["rows"] = new JsonArray([.. rows.Select(Free)]) };

    private static JsonNode? Free(JsonNode? node) => node?.Parent is null ? node : node.DeepClone();

    private static JsonArray Id(int number) =>
        new("uuid", string.Create(CultureInfo.InvariantCulture, $"00000000-0000-4000-8000-{number:000000000000}"));

    private static JsonArray Set(params JsonNode[] items) => new("set", new JsonArray([.. items.Select(Free)]));

    private static JsonArray Map((string Key, string Value)[] pairs) =>
        new("map", new JsonArray([.. pairs.Select(pair => (JsonNode)new JsonArray(pair.Key, pair.Value))]));
}
