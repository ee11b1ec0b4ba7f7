using System.Text.Json;
using System.Text.Json.Nodes;
using OvsOffload.Os;

namespace OvsOffload.OpenVSwitch;

/// <summary>What a write did.</summary>
internal sealed record WriteOutcome
{
    /// <summary>False when the database was so already, and so nothing was written.</summary>
    public required bool Changed { get; init; }

    /// <summary><c>Open_vSwitch.next_cfg</c> that the change got; null when nothing was written.</summary>
    public long? Sequence { get; init; }

    /// <summary>What ovs-vswitchd says against the interface of a port that was added, in its own words; null when
    /// nothing.</summary>
    public string? InterfaceError { get; init; }
}

/// <summary>Changes the configuration of Open vSwitch, and waits until ovs-vswitchd has taken the change up.</summary>
/// <remarks>
/// Each write is one transaction that holds only while what it was decided upon still stands
/// (<see cref="OpenVSwitchEdits"/>); if that changed, it is decided anew. What is so already is not written. Rows made
/// here carry <c>external_ids:ovs-offload=managed</c>, and no other rows are deleted. Each write has a connection of
/// its own, so one writer may be used by many at once.
/// </remarks>
internal sealed class OpenVSwitchWriter(OvsdbOptions options, TimeProvider time)
{
    /// <summary>Key in <c>external_ids</c> of rows that this program created.</summary>
    public const string MarkKey = "ovs-offload";

    /// <summary>Value to <see cref="MarkKey"/>.</summary>
    public const string MarkValue = "managed";

    /// <summary>A commit fails when somebody else's came in between, and is decided anew at once.</summary>
    private static readonly RetryOptions ConflictRetry = new() { Retries = 4, Delay = TimeSpan.Zero };

    /// <summary>One that waits for ovs-vswitchd no longer than so.</summary>
    public OpenVSwitchWriter WithApplyTimeout(TimeSpan wait) => new(options with { ApplyTimeout = wait }, time);

    /// <summary>Sets one key of <c>Open_vSwitch.other_config</c>; other keys stay as they are.</summary>
    /// <inheritdoc cref="WriteAsync"/>
    public Task<WriteOutcome> SetOtherConfigAsync(string key, string value, CancellationToken cancellationToken) =>
        WriteAsync(
            $"set other_config:{key}={value}",
            database => OpenVSwitchEdits.SetOtherConfig(database, key, value),
            cancellationToken);

    /// <summary>Removes one key of <c>Open_vSwitch.other_config</c>; other keys stay as they are.</summary>
    /// <inheritdoc cref="WriteAsync"/>
    public Task<WriteOutcome> RemoveOtherConfigAsync(string key, CancellationToken cancellationToken) =>
        WriteAsync(
            $"remove other_config:{key}",
            database => OpenVSwitchEdits.RemoveOtherConfig(database, key),
            cancellationToken);

    /// <summary>Adds a bridge with its own port; one that is there stays as it is, whoever made it.</summary>
    /// <param name="name">Name of the bridge and of its own port.</param>
    /// <param name="datapathType"><c>system</c> (the same as empty), <c>netdev</c>, ..</param>
    /// <param name="externalIds">For the bridge, beside the mark.</param>
    /// <param name="otherConfig">For the bridge, such as <c>hwaddr</c> (ovs-vswitchd.conf.db(5)).</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <inheritdoc cref="WriteAsync"/>
    public Task<WriteOutcome> AddBridgeAsync(
        string name,
        string datapathType,
        IReadOnlyDictionary<string, string> externalIds,
        IReadOnlyDictionary<string, string> otherConfig,
        CancellationToken cancellationToken) =>
        WriteAsync(
            $"add bridge {name}",
            database => OpenVSwitchEdits.AddBridge(database, name, datapathType, externalIds, otherConfig),
            cancellationToken);

    /// <summary>Adds a netdev of the system to a bridge; one that is there with this tag stays as it is, whoever made
    /// it.</summary>
    /// <param name="bridge">Name of a bridge that is there.</param>
    /// <param name="name">Name of the netdev.</param>
    /// <param name="tag">VLAN of an access port; null for a trunk.</param>
    /// <param name="externalIds">For the port and for its interface, beside the mark.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <inheritdoc cref="WriteAsync"/>
    public Task<WriteOutcome> AddPortAsync(
        string bridge,
        string name,
        int? tag,
        IReadOnlyDictionary<string, string> externalIds,
        CancellationToken cancellationToken) =>
        WriteAsync(
            $"add port {name} to bridge {bridge}",
            database => OpenVSwitchEdits.AddPort(database, bridge, name, tag, externalIds),
            cancellationToken,
            addedInterface: name);

    /// <summary>Takes a port that this program created from its bridge; one that is not there is no error.</summary>
    /// <inheritdoc cref="WriteAsync"/>
    public Task<WriteOutcome> DeletePortAsync(string bridge, string name, CancellationToken cancellationToken) =>
        WriteAsync(
            $"delete port {name} from bridge {bridge}",
            database => OpenVSwitchEdits.DeletePort(database, bridge, name),
            cancellationToken);

    /// <summary>Deletes a bridge that this program created, when all ports in it are of this program too; one that is
    /// not there is no error.</summary>
    /// <inheritdoc cref="WriteAsync"/>
    public Task<WriteOutcome> DeleteBridgeAsync(string name, CancellationToken cancellationToken) =>
        WriteAsync(
            $"delete bridge {name}", database => OpenVSwitchEdits.DeleteBridge(database, name), cancellationToken);

    /// <exception cref="RowNotManagedException">Somebody else made what would be deleted.</exception>
    /// <exception cref="ConfigurationConflictException">What is there does not allow it, or somebody keeps changing
    /// it.</exception>
    /// <exception cref="ConfigurationNotAppliedException">Written, but ovs-vswitchd has not taken it up within
    /// <see cref="OvsdbOptions.ApplyTimeout"/>.</exception>
    /// <exception cref="OpenVSwitchException">ovsdb-server is not there, refuses, or does not answer as it
    /// should.</exception>
    private async Task<WriteOutcome> WriteAsync(
        string operation,
        Func<OpenVSwitchDatabase, IReadOnlyList<JsonObject>> decide,
        CancellationToken cancellationToken,
        string? addedInterface = null)
    {
        using OvsdbClient client = await OvsdbClient.ConnectAsync(options, time, cancellationToken);
        return await ConflictRetry.UntilAsync(TryAsync, outcome => outcome is not null, time, cancellationToken)
            ?? throw new ConfigurationConflictException(
                operation, client.Endpoint,
                $"another program changed the database before each of {ConflictRetry.Retries + 1} attempts");

        async Task<WriteOutcome?> TryAsync(CancellationToken token)
        {
            OpenVSwitchDatabase database = await OpenVSwitchReader.ReadAsync(client, token);
            IReadOnlyList<JsonObject> edits = Decide(operation, client.Endpoint, decide, database);
            if (edits.Count == 0)
            {
                return new WriteOutcome { Changed = false };
            }

            if (await TryCommitAsync(operation, client, database.RootId, edits, token) is not { } sequence)
            {
                return null;
            }

            await WaitUntilAppliedAsync(operation, client, sequence, token);
            string? error = addedInterface is null
                ? null
                : (await OpenVSwitchReader.ReadAsync(client, token)).Bridges
                    .SelectMany(bridge => bridge.Ports)
                    .SelectMany(port => port.Interfaces)
                    .FirstOrDefault(one => one.Name == addedInterface)?.Error;
            return new WriteOutcome { Changed = true, Sequence = sequence, InterfaceError = error };
        }
    }

    private static IReadOnlyList<JsonObject> Decide(
        string operation,
        string endpoint,
        Func<OpenVSwitchDatabase, IReadOnlyList<JsonObject>> decide,
        OpenVSwitchDatabase database)
    {
        try
        {
            return decide(database);
        }
        catch (EditRefusedException e) when (e.IsOwnership)
        {
            throw new RowNotManagedException(operation, endpoint, e.Message);
        }
        catch (EditRefusedException e)
        {
            throw new ConfigurationConflictException(operation, endpoint, e.Message);
        }
    }

    /// <returns>The change's number, or null when a guard no longer held, so that nothing was changed.</returns>
    private static async Task<long?> TryCommitAsync(
        string operation,
        OvsdbClient client,
        Guid root,
        IReadOnlyList<JsonObject> edits,
        CancellationToken cancellationToken)
    {
        const string Table = "Open_vSwitch";
        JsonObject[] operations =
        [
            .. edits,
            OvsdbOperation.Mutate(Table, OvsdbOperation.IdIs(root), OvsdbOperation.Increment("next_cfg")),
            OvsdbOperation.Select(Table, ["next_cfg"], OvsdbOperation.IdIs(root)),
        ];
        try
        {
            IReadOnlyList<JsonElement> results = await client.TransactAsync(
                operation, OpenVSwitchDatabase.Name, operations, cancellationToken);
            return OvsdbRow.Rows(Table, results[^1]) is [var row]
                ? row.Integer("next_cfg")
                : throw new MalformedReplyException(operation, client.Endpoint, "no next_cfg in the result");
        }
        // RFC 7047 section 5.2.6: a wait that is not met within its time.
        catch (OvsdbOperationException e) when (e.Error == "timed out")
        {
            return null;
        }
        catch (FormatException e)
        {
            throw new MalformedReplyException(operation, client.Endpoint, e.Message, e);
        }
    }

    /// <summary>Waits, as ovs-vsctl does, until <c>cur_cfg</c> has reached the change's number.</summary>
    private async Task WaitUntilAppliedAsync(
        string operation, OvsdbClient client, long sequence, CancellationToken cancellationToken)
    {
        using var deadline = new Deadline(options.ApplyTimeout, time, cancellationToken);
        var watched = new Dictionary<string, IReadOnlyList<string>> { ["Open_vSwitch"] = ["cur_cfg"] };
        try
        {
            await foreach (IReadOnlyList<OvsdbRowUpdate> updates in client.MonitorAsync(
                OpenVSwitchDatabase.Name, watched, deadline.Token))
            {
                if (updates.Any(update => update.New?.Integer("cur_cfg") >= sequence))
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (deadline.TimedOut)
        {
            throw new ConfigurationNotAppliedException(operation, client.Endpoint, sequence, options.ApplyTimeout);
        }
        catch (FormatException e)
        {
            throw new MalformedReplyException(operation, client.Endpoint, e.Message, e);
        }
    }
}
