using System.Text.Json.Nodes;
using static OvsOffload.OpenVSwitch.OvsdbOperation;

namespace OvsOffload.OpenVSwitch;

/// <summary>The operations that lead from the database as it was read to what is wanted; pure.</summary>
/// <remarks>
/// Each returns none where the database is so already. Every list starts with guards that hold only while what was
/// decided upon still stands: a database that changed in between refuses the transaction instead of losing somebody's
/// change.
/// </remarks>
internal static class OpenVSwitchEdits
{
    public static IReadOnlyList<JsonObject> SetOtherConfig(OpenVSwitchDatabase database, string key, string value) =>
        database.OtherConfig.TryGetValue(key, out string? current) && current == value
            ? []
            :
            [
                OtherConfigUnchanged(database),
                Mutate(
                    "Open_vSwitch",
                    IdIs(database.RootId),
                    DeleteFrom("other_config", OvsdbDatum.Set([key])),
                    InsertInto("other_config", OvsdbDatum.Map([KeyValuePair.Create(key, value)]))),
            ];

    public static IReadOnlyList<JsonObject> RemoveOtherConfig(OpenVSwitchDatabase database, string key) =>
        !database.OtherConfig.ContainsKey(key)
            ? []
            :
            [
                OtherConfigUnchanged(database),
                Mutate("Open_vSwitch", IdIs(database.RootId), DeleteFrom("other_config", OvsdbDatum.Set([key]))),
            ];

    /// <exception cref="EditRefusedException">A port has that name.</exception>
    public static IReadOnlyList<JsonObject> AddBridge(
        OpenVSwitchDatabase database,
        string name,
        string datapathType,
        IReadOnlyDictionary<string, string> externalIds,
        IReadOnlyDictionary<string, string> otherConfig)
    {
        if (database.Bridges.Any(bridge => bridge.Name == name))
        {
            return [];
        }

        RefuseNameInUse(database, name);
        Dictionary<string, string> mark = Mark([]);
        return
        [
            NoRowHasName("Bridge", name),
            .. InsertPort(name, new JsonObject { ["type"] = "internal" }, tag: null, mark),
            Insert("Bridge", "bridge", new JsonObject
            {
                ["name"] = name,
                ["datapath_type"] = datapathType,
                ["external_ids"] = OvsdbDatum.Map(Mark(externalIds)),
                ["other_config"] = OvsdbDatum.Map(otherConfig),
                ["ports"] = OvsdbDatum.NamedUuid("port"),
            }),
            Mutate("Open_vSwitch", IdIs(database.RootId), InsertInto("bridges", OvsdbDatum.NamedUuid("bridge"))),
        ];
    }

    /// <exception cref="EditRefusedException">No such bridge, or the name is in use elsewhere or otherwise.</exception>
    public static IReadOnlyList<JsonObject> AddPort(
        OpenVSwitchDatabase database,
        string bridgeName,
        string name,
        int? tag,
        IReadOnlyDictionary<string, string> externalIds)
    {
        OvsBridge bridge = database.Bridges.FirstOrDefault(one => one.Name == bridgeName)
            ?? throw new EditRefusedException($"no bridge {bridgeName}");
        if (bridge.Ports.FirstOrDefault(port => port.Name == name) is { } there)
        {
            return there.Tag == tag
                ? []
                : throw new EditRefusedException(
                    $"port {name} already exists with {Describe(there.Tag)}, expected {Describe(tag)}");
        }

        RefuseNameInUse(database, name);
        return
        [
            Wait("Bridge", [IdIs(bridge.Id)], "name", JsonValue.Create(bridgeName)),
            .. InsertPort(name, [], tag, Mark(externalIds)),
            Mutate("Bridge", IdIs(bridge.Id), InsertInto("ports", OvsdbDatum.NamedUuid("port"))),
        ];
    }

    /// <exception cref="EditRefusedException">The port is not ours, or is the bridge's own.</exception>
    public static IReadOnlyList<JsonObject> DeletePort(OpenVSwitchDatabase database, string bridgeName, string name)
    {
        OvsBridge? bridge = database.Bridges.FirstOrDefault(one => one.Name == bridgeName);
        OvsPort? port = bridge?.Ports.FirstOrDefault(one => one.Name == name);
        if (bridge is null || port is null)
        {
            return [];
        }

        if (name == bridgeName)
        {
            throw new EditRefusedException($"port {name} is the bridge's internal port and cannot be deleted "
                + "separately");
        }

        RefuseUnlessManaged(port.IsManaged, $"port {name}");
        return
        [
            StillManaged("Port", port.Id, name),
            Mutate("Bridge", IdIs(bridge.Id), DeleteFrom("ports", OvsdbDatum.Uuid(port.Id))),
        ];
    }

    /// <exception cref="EditRefusedException">The bridge, or a port in it, is not ours.</exception>
    public static IReadOnlyList<JsonObject> DeleteBridge(OpenVSwitchDatabase database, string name)
    {
        OvsBridge? bridge = database.Bridges.FirstOrDefault(one => one.Name == name);
        if (bridge is null)
        {
            return [];
        }

        RefuseUnlessManaged(bridge.IsManaged, $"bridge {name}");
        foreach (OvsPort port in bridge.Ports)
        {
            RefuseUnlessManaged(port.IsManaged, $"port {port.Name} of bridge {name}");
        }

        return
        [
            StillManaged("Bridge", bridge.Id, name),
            Wait("Bridge", [IdIs(bridge.Id)], "ports", OvsdbDatum.Set(bridge.Ports.Select(port => port.Id))),
            .. bridge.Ports.Select(port => StillManaged("Port", port.Id, port.Name)),
            Mutate("Open_vSwitch", IdIs(database.RootId), DeleteFrom("bridges", OvsdbDatum.Uuid(bridge.Id))),
        ];
    }

    private static IEnumerable<JsonObject> InsertPort(
        string name, JsonObject interfaceColumns, int? tag, IReadOnlyDictionary<string, string> externalIds)
    {
        interfaceColumns["name"] = name;
        interfaceColumns["external_ids"] = OvsdbDatum.Map(externalIds);
        return
        [
            NoRowHasName("Port", name),
            NoRowHasName("Interface", name),
            Insert("Interface", "interface", interfaceColumns),
            Insert("Port", "port", new JsonObject
            {
                ["name"] = name,
                ["tag"] = OvsdbDatum.Optional(tag),
                ["external_ids"] = OvsdbDatum.Map(externalIds),
                ["interfaces"] = OvsdbDatum.NamedUuid("interface"),
            }),
        ];
    }

    private static JsonObject OtherConfigUnchanged(OpenVSwitchDatabase database) =>
        Wait("Open_vSwitch", [IdIs(database.RootId)], "other_config", OvsdbDatum.Map(database.OtherConfig));

    private static JsonObject NoRowHasName(string table, string name) => Wait(table, [NameIs(name)], "name");

    private static JsonObject StillManaged(string table, Guid id, string name) =>
        Wait(table, [IdIs(id), Includes("external_ids", OvsdbDatum.Map(Mark([])))], "name", JsonValue.Create(name));

    private static Dictionary<string, string> Mark(IEnumerable<KeyValuePair<string, string>> externalIds) =>
        new(externalIds) { [OpenVSwitchWriter.MarkKey] = OpenVSwitchWriter.MarkValue };

    private static void RefuseNameInUse(OpenVSwitchDatabase database, string name)
    {
        foreach (OvsBridge bridge in database.Bridges)
        {
            if (bridge.Ports.Any(port => port.Name == name || port.Interfaces.Any(one => one.Name == name)))
            {
                throw new EditRefusedException($"the name {name} is in use on bridge {bridge.Name}");
            }
        }
    }

    private static void RefuseUnlessManaged(bool isManaged, string row)
    {
        if (!isManaged)
        {
            throw new EditRefusedException(row) { IsOwnership = true };
        }
    }

    private static string Describe(long? tag) => tag is null ? "no tag" : $"tag {tag}";
}

/// <summary>What is wanted cannot stand beside what is there; for ownership, the message is the row that somebody else
/// made.</summary>
internal sealed class EditRefusedException(string why) : Exception(why)
{
    public bool IsOwnership { get; init; }
}
