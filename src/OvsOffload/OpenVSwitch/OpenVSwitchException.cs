namespace OvsOffload.OpenVSwitch;

/// <summary>What can go wrong when a daemon of Open vSwitch is asked for something over its socket.</summary>
/// <remarks>Every message names the operation, the socket and the daemon's own words, and says what to look at
/// next.</remarks>
internal abstract class OpenVSwitchException(string message, string endpoint, Exception? inner = null)
    : IOException(message, inner)
{
    /// <summary>Path of the socket that was asked, or of the pid file that should have led to it.</summary>
    public string Endpoint { get; } = endpoint;
}

/// <summary>Nobody listens: the socket or pid file is absent, refuses, or was closed before the first byte of an
/// answer.</summary>
internal sealed class DaemonUnreachableException(string operation, string endpoint, string why, Exception? inner = null)
    : OpenVSwitchException($"{operation}: {endpoint}: {why}. Is the daemon running?", endpoint, inner);

/// <summary>The daemon took the request but sent nothing for the whole of <see cref="Waited"/>.</summary>
internal sealed class DaemonSilentException(string operation, string endpoint, TimeSpan waited)
    : OpenVSwitchException(
        $"{operation}: {endpoint}: no reply within {waited.TotalSeconds:0.###} s. Is the daemon's main thread blocked "
        + "or stopped? Check its log for long poll intervals.", endpoint)
{
    public TimeSpan Waited { get; } = waited;
}

/// <summary>The answer is no JSON-RPC reply, breaks off in its middle, or holds a value of a wrong shape.</summary>
internal sealed class MalformedReplyException(string operation, string endpoint, string what, Exception? inner = null)
    : OpenVSwitchException(
        $"{operation}: {endpoint}: malformed reply: {what}. Is another program listening on this socket?",
        endpoint,
        inner);

/// <summary>The daemon answered that it will not or cannot do what was asked.</summary>
internal sealed class ErrorReplyException(string operation, string endpoint, string words)
    : OpenVSwitchException($"{operation}: {endpoint}: the daemon replied: {words}", endpoint)
{
    /// <summary>The daemon's own words, as it sent them, without the newline at the end.</summary>
    public string Words { get; } = words;
}

/// <summary>What went wrong when a support bundle was made, in the words of then; or that the bundle has no such
/// answer.</summary>
internal sealed class RecordedFailureException(string message) : OpenVSwitchException(message, "support bundle");

/// <summary>The answer is longer than this client is ready to hold.</summary>
internal sealed class ReplyTooLargeException(string operation, string endpoint, int limit)
    : OpenVSwitchException($"{operation}: {endpoint}: the reply is longer than {limit} bytes", endpoint)
{
    public int Limit { get; } = limit;
}

/// <summary>ovsdb-server refused one operation of a transaction, and with it the whole transaction.</summary>
internal sealed class OvsdbOperationException(string operation, string endpoint, string error, string? details)
    : OpenVSwitchException(
        $"{operation}: {endpoint}: ovsdb-server replied: {error}{(details is null ? "" : ": " + details)}", endpoint)
{
    /// <summary>The <c>error</c> member of the result, RFC 7047 section 4.1.3 (<c>timed out</c>, <c>aborted</c>,
    /// ..).</summary>
    public string Error { get; } = error;

    /// <summary>The <c>details</c> member, where the server gave one.</summary>
    public string? Details { get; } = details;
}

/// <summary>A row would have to be changed or deleted that this program did not create, so nothing was
/// written.</summary>
internal sealed class RowNotManagedException(string operation, string endpoint, string row)
    : OpenVSwitchException(
        $"{operation}: {endpoint}: refused: {row} lacks "
        + $"external_ids:{OpenVSwitchWriter.MarkKey}={OpenVSwitchWriter.MarkValue}, so it was created by another "
        + "program; nothing was changed",
        endpoint)
{
    /// <summary>The row in words: <c>port p1</c>.</summary>
    public string Row { get; } = row;
}

/// <summary>The change is in the database, but ovs-vswitchd did not take it up in time.</summary>
internal sealed class ConfigurationNotAppliedException(
    string operation, string endpoint, long sequence, TimeSpan waited)
    : OpenVSwitchException(
        $"{operation}: {endpoint}: written to the database (next_cfg {sequence}), but ovs-vswitchd has not applied it "
        + $"within {waited.TotalSeconds:0.###} s. Is ovs-vswitchd running?", endpoint)
{
    /// <summary><c>Open_vSwitch.next_cfg</c> that the change got; <c>cur_cfg</c> reaches it when ovs-vswitchd has
    /// taken it up.</summary>
    public long Sequence { get; } = sequence;

    public TimeSpan Waited { get; } = waited;
}

/// <summary>What stands in the database does not allow the change: no such bridge, a name in use, somebody who keeps
/// writing.</summary>
internal sealed class ConfigurationConflictException(string operation, string endpoint, string why)
    : OpenVSwitchException($"{operation}: {endpoint}: {why}; nothing was changed", endpoint);
