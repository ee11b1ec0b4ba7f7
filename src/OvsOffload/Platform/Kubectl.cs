using System.Text.Json;
using System.Text.Json.Nodes;
using OvsOffload.Os;

namespace OvsOffload.Platform;

/// <summary>
/// Reads and replaces one key of a ConfigMap by kubectl, the program: which cluster, and with whose rights, is for its
/// own configuration to say.
/// </summary>
/// <param name="processes">Runs it.</param>
internal sealed class Kubectl(IProcessRunner processes)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>Reads the text under a key.</summary>
    /// <exception cref="ProcessException">kubectl failed.</exception>
    /// <exception cref="FormatException">What it printed is no ConfigMap with that key.</exception>
    public async Task<string> ReadAsync(string space, string name, string key, CancellationToken cancellation)
    {
        JsonNode map = await GetAsync(space, name, cancellation);
        return Text(map, name, key);
    }

    /// <summary>Replaces the text under a key, unless it is no longer what it was.</summary>
    /// <returns>Whether it was; the API server refuses a change that came in between.</returns>
    /// <exception cref="ProcessException">kubectl failed, or somebody changed the ConfigMap in between.</exception>
    /// <exception cref="FormatException">What it printed is no ConfigMap with that key.</exception>
    public async Task<bool> TryReplaceAsync(
        string space, string name, string key, string from, string to, CancellationToken cancellation)
    {
        JsonNode map = await GetAsync(space, name, cancellation);
        if (Text(map, name, key) != from)
        {
            return false;
        }

        // With the resourceVersion that was read, so that the API server takes it only if nobody wrote in between.
        map["data"]![key] = to;
        await processes.RunAsync(
            new ProcessRequest(["kubectl", "-n", space, "replace", "-f", "-"])
            {
                Limit = Limit,
                Grace = ProcessRequest.GraceOfChange,
                Input = map.ToJsonString(),
            },
            cancellation);
        return true;
    }

    private async Task<JsonNode> GetAsync(string space, string name, CancellationToken cancellation)
    {
        ProcessResult result = await processes.RunAsync(
            new ProcessRequest(["kubectl", "-n", space, "get", "configmap", name, "-o", "json"]) { Limit = Limit },
            cancellation);
        try
        {
            return JsonNode.Parse(result.Output) ?? throw new FormatException("kubectl printed null");
        }
        catch (JsonException failure)
        {
            throw new FormatException($"kubectl get configmap {name}: invalid JSON: {failure.Message}", failure);
        }
    }

    private static string Text(JsonNode map, string name, string key)
    {
        try
        {
            return map["data"]?[key]?.GetValue<string>()
                ?? throw new FormatException($"the ConfigMap {name} has no key {key}");
        }
        catch (InvalidOperationException failure)
        {
            throw new FormatException($"the ConfigMap {name} has an unexpected format: {failure.Message}", failure);
        }
    }
}
