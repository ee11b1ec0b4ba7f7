using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using OvsOffload.Os;

namespace OvsOffload.OpenVSwitch;

/// <summary>One conversation with ovsdb-server (RFC 7047) over its unix socket.</summary>
/// <remarks>
/// For one caller at a time. Echo requests are answered while a call or a monitor waits. A connection that fails stays
/// failed: who wants another one connects again.
/// </remarks>
internal sealed class OvsdbClient : IDisposable
{
    private readonly JsonRpcConnection _connection;
    private readonly OvsdbOptions _options;
    private readonly TimeProvider _time;
    private readonly Queue<JsonElement> _updates = [];
    private int _lastId;

    private OvsdbClient(JsonRpcConnection connection, OvsdbOptions options, TimeProvider time)
    {
        _connection = connection;
        _options = options;
        _time = time;
    }

    /// <summary>Path of the socket, for messages.</summary>
    public string Endpoint => _connection.Path;

    /// <exception cref="DaemonUnreachableException">Nobody listens.</exception>
    public static async Task<OvsdbClient> ConnectAsync(
        OvsdbOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        using var deadline = new Deadline(options.Timeout, time, cancellationToken);
        try
        {
            JsonRpcConnection connection = await JsonRpcConnection.ConnectAsync(
                "connect", options.SocketPath, options.MaxReplyBytes, deadline.Token);
            return new OvsdbClient(connection, options, time);
        }
        catch (OperationCanceledException) when (deadline.TimedOut)
        {
            throw new DaemonSilentException("connect", options.SocketPath, options.Timeout);
        }
    }

    /// <summary>The tables and columns of a database (RFC 7047 section 4.1.2).</summary>
    public async Task<OvsdbSchema> SchemaAsync(string database, CancellationToken cancellationToken)
    {
        const string Operation = "get_schema";
        JsonElement result = await CallAsync(Operation, "get_schema", new JsonArray(database), cancellationToken);
        return Parse(Operation, () => OvsdbSchema.Parse(result));
    }

    /// <summary>Runs operations as one transaction: all of them, or none.</summary>
    /// <returns>The result of each operation.</returns>
    /// <param name="operation">What is being done, for messages.</param>
    /// <param name="database">The database's name.</param>
    /// <param name="operations">Of <see cref="OvsdbOperation"/>.</param>
    /// <param name="cancellationToken">Ends the wait; whether the transaction was committed is then not known.</param>
    /// <exception cref="OvsdbOperationException">The server refused one; nothing was changed.</exception>
    /// <exception cref="ErrorReplyException">The server refused the request as a whole.</exception>
    /// <exception cref="DaemonSilentException">No answer within <see cref="OvsdbOptions.Timeout"/>.</exception>
    public async Task<IReadOnlyList<JsonElement>> TransactAsync(
        string operation, string database, IReadOnlyList<JsonObject> operations, CancellationToken cancellationToken)
    {
        JsonElement result = await CallAsync(
            operation, "transact", new JsonArray([database, .. operations]), cancellationToken);
        if (result.ValueKind != JsonValueKind.Array)
        {
            throw Malformed(operation, "the results are no array");
        }

        JsonElement[] results = [.. result.EnumerateArray()];
        foreach ((JsonElement one, int index) in results.Select((one, index) => (one, index)))
        {
            ThrowIfRefused(operation, one, index < operations.Count ? operations[index] : null);
        }

        return results.Length == operations.Count
            ? results
            : throw Malformed(operation, $"{results.Length} results for {operations.Count} operations");
    }

    /// <summary>Watches columns of tables: first all that is there, then every change in order, without end.</summary>
    /// <remarks>The monitor lasts as long as the connection. A change that is made while nobody enumerates waits in
    /// memory.</remarks>
    /// <exception cref="DaemonUnreachableException">The server closed the connection.</exception>
    public async IAsyncEnumerable<IReadOnlyList<OvsdbRowUpdate>> MonitorAsync(
        string database,
        IReadOnlyDictionary<string, IReadOnlyList<string>> tables,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        const string Operation = "monitor";
        var requests = new JsonObject(tables.Select(table => KeyValuePair.Create<string, JsonNode?>(
            table.Key,
            new JsonObject
            {
                ["columns"] = new JsonArray([.. table.Value.Select(column => (JsonNode)JsonValue.Create(column))]),
            })));
        string name = $"monitor-{_lastId + 1}";
        JsonElement initial = await CallAsync(
            Operation, "monitor", new JsonArray(database, name, requests), cancellationToken);
        yield return Parse(Operation, () => OvsdbRowUpdate.ParseAll(initial));
        while (true)
        {
            while (_updates.TryDequeue(out JsonElement update))
            {
                yield return Parse(Operation, () => OvsdbRowUpdate.ParseAll(update[1]));
            }

            JsonElement message = await _connection.ReceiveObjectAsync(Operation, cancellationToken);
            await HandleAsync(Operation, message, cancellationToken);
        }
    }

    public void Dispose() => _connection.Dispose();

    private async Task<JsonElement> CallAsync(
        string operation, string method, JsonArray parameters, CancellationToken cancellationToken)
    {
        int id = ++_lastId;
        using var deadline = new Deadline(_options.Timeout, _time, cancellationToken);
        try
        {
            await _connection.SendAsync(operation, JsonRpcMessage.Request(id, method, parameters), deadline.Token);
            while (true)
            {
                JsonElement message = await _connection.ReceiveObjectAsync(operation, deadline.Token);
                if (message.TryGetProperty("method", out _))
                {
                    await HandleAsync(operation, message, deadline.Token);
                }
                // Any other reply is the late one of a call that was given up.
                else if (message.TryGetProperty("id", out JsonElement answered)
                    && answered.ValueKind == JsonValueKind.Number
                    && answered.TryGetInt32(out int number)
                    && number == id)
                {
                    return ResultOf(operation, message);
                }
                else if (!message.TryGetProperty("id", out _))
                {
                    throw Malformed(operation, "neither a request nor a reply");
                }
            }
        }
        catch (OperationCanceledException) when (deadline.TimedOut)
        {
            throw new DaemonSilentException(operation, Endpoint, _options.Timeout);
        }
    }

    /// <summary>Takes what the server says by itself: <c>echo</c> is answered, <c>update</c> queued, all else passed
    /// over.</summary>
    private async Task HandleAsync(string operation, JsonElement message, CancellationToken cancellationToken)
    {
        if (!message.TryGetProperty("method", out JsonElement method) || method.ValueKind != JsonValueKind.String
            || !message.TryGetProperty("params", out JsonElement parameters)
                || parameters.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        if (method.ValueEquals("update") && parameters.GetArrayLength() == 2)
        {
            _updates.Enqueue(parameters);
        }
        else if (method.ValueEquals("echo") && message.TryGetProperty("id", out JsonElement id))
        {
            await _connection.SendAsync(operation, JsonRpcMessage.EchoReply(id, parameters), cancellationToken);
        }
    }

    private JsonElement ResultOf(string operation, JsonElement reply)
    {
        if (reply.TryGetProperty("error", out JsonElement error) && error.ValueKind != JsonValueKind.Null)
        {
            string words = error.ValueKind == JsonValueKind.String ? error.GetString()! : error.GetRawText();
            throw new ErrorReplyException(operation, Endpoint, words);
        }

        return reply.TryGetProperty("result", out JsonElement result)
            ? result
            : throw Malformed(operation, "neither a result nor an error in it");
    }

    private void ThrowIfRefused(string operation, JsonElement result, JsonObject? refused)
    {
        if (result.ValueKind == JsonValueKind.Object && result.TryGetProperty("error", out JsonElement error))
        {
            string where = refused is null ? "" : $" ({refused["op"]} {refused["table"]})";
            throw new OvsdbOperationException(
                operation + where,
                Endpoint,
                error.ToString(),
                result.TryGetProperty("details", out JsonElement details) ? details.ToString() : null);
        }
    }

    private T Parse<T>(string operation, Func<T> parse)
    {
        try
        {
            return parse();
        }
        catch (FormatException e)
        {
            throw new MalformedReplyException(operation, Endpoint, e.Message, e);
        }
    }

    private MalformedReplyException Malformed(string operation, string what) => new(operation, Endpoint, what);
}
