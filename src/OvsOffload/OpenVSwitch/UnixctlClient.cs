using System.Text;
using System.Text.Json;
using OvsOffload.Os;

namespace OvsOffload.OpenVSwitch;

/// <summary>Asks ovs-vswitchd over its control socket, as ovs-appctl does.</summary>
/// <remarks>
/// The protocol is JSON-RPC 1.0 with text for parameters and for the result (lib/unixctl.c of Open vSwitch). Each call
/// finds the socket anew and has a connection of its own, so a client outlives the daemon's restarts and may be used
/// by many at once.
/// </remarks>
internal sealed partial class UnixctlClient(UnixctlOptions options, TimeProvider time) : IUnixctlAnswers
{
    private const string PidFile = "ovs-vswitchd.pid";

    private static readonly string[] RunDirectories = ["/run/openvswitch", "/var/run/openvswitch"];

    /// <summary>Runs one command and gives its text.</summary>
    /// <exception cref="DaemonUnreachableException">Nobody listens.</exception>
    /// <exception cref="DaemonSilentException">No whole answer within <see cref="UnixctlOptions.Timeout"/>.</exception>
    /// <exception cref="MalformedReplyException">The answer is none of unixctl, or breaks off.</exception>
    /// <exception cref="ReplyTooLargeException">The answer is above
    /// <see cref="UnixctlOptions.MaxReplyBytes"/>.</exception>
    /// <exception cref="ErrorReplyException">ovs-vswitchd refused; its words are kept.</exception>
    public async Task<string> CallAsync(
        string method, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        if (options.Answers is { } answers)
        {
            return await answers.CallAsync(method, arguments, cancellationToken);
        }

        string path = FindSocket(method);
        using var deadline = new Deadline(options.Timeout, time, cancellationToken);
        try
        {
            using JsonRpcConnection connection = await OpenAsync(method, arguments, path, deadline.Token);
            return ResultOf(method, path, await connection.ReceiveObjectAsync(method, deadline.Token));
        }
        catch (OperationCanceledException) when (deadline.TimedOut)
        {
            throw new DaemonSilentException(method, path, options.Timeout);
        }
    }

    /// <summary>Runs one command whose text may be of any length, and hands out its lines while they arrive.</summary>
    /// <remarks>When this throws, what <paramref name="consumer"/> got until then is not the whole answer.</remarks>
    /// <exception cref="DaemonUnreachableException">Nobody listens.</exception>
    /// <exception cref="DaemonSilentException">Nothing came for <see cref="UnixctlOptions.DumpSilence"/>, or not all
    /// within <see cref="UnixctlOptions.DumpTimeout"/>.</exception>
    /// <exception cref="MalformedReplyException">The answer is none of unixctl, or breaks off.</exception>
    /// <exception cref="ErrorReplyException">ovs-vswitchd refused; its words are kept.</exception>
    public async Task StreamAsync(
        string method, IReadOnlyList<string> arguments, RecordConsumer consumer, CancellationToken cancellationToken)
    {
        if (options.Answers is { } answers)
        {
            Deliver(await answers.CallAsync(method, arguments, cancellationToken), consumer);
            return;
        }

        string path = FindSocket(method);
        using var whole = new Deadline(options.DumpTimeout, time, cancellationToken);
        using var silence = new Deadline(options.DumpSilence, time, whole.Token);
        try
        {
            using JsonRpcConnection connection = await OpenAsync(method, arguments, path, silence.Token);
            var scanner = new UnixctlReplyScanner(consumer, options.DumpBufferBytes, options.MaxRecordBytes);
            while (!scanner.Done)
            {
                int count = await connection.ReceiveAsync(method, scanner.Room, scanner.Started, silence.Token);
                silence.Restart();
                Scan(method, path, scanner, count);
            }

            if (scanner.ErrorText is not null)
            {
                throw new ErrorReplyException(method, path, scanner.ErrorText);
            }

            CheckId(method, path, scanner.Id);
        }
        catch (OperationCanceledException) when (whole.TimedOut)
        {
            throw new DaemonSilentException(method, path, options.DumpTimeout);
        }
        catch (OperationCanceledException) when (silence.TimedOut)
        {
            throw new DaemonSilentException(method, path, options.DumpSilence);
        }
    }

    /// <summary>Hands out the lines of a text that is there as a whole.</summary>
    private void Deliver(string text, RecordConsumer consumer)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        foreach (Range range in bytes.AsSpan().Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = bytes.AsSpan(range);
            if (!line.IsEmpty)
            {
                bool whole = line.Length <= options.MaxRecordBytes;
                consumer(whole ? line : line[..options.MaxRecordBytes], whole);
            }
        }
    }

    private async Task<JsonRpcConnection> OpenAsync(
        string method, IReadOnlyList<string> arguments, string path, CancellationToken cancellationToken)
    {
        JsonRpcConnection connection = await JsonRpcConnection.ConnectAsync(
            method, path, options.MaxReplyBytes, cancellationToken);
        try
        {
            await connection.SendAsync(method, JsonRpcMessage.Request(RequestId, method, arguments), cancellationToken);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    // One request on a connection needs no other.
    private const int RequestId = 1;

    private static void Scan(string method, string path, UnixctlReplyScanner scanner, int count)
    {
        try
        {
            scanner.Received(count);
        }
        catch (FormatException e)
        {
            throw new MalformedReplyException(method, path, e.Message, e);
        }
    }

    private static string ResultOf(string method, string path, JsonElement reply)
    {
        if (reply.TryGetProperty("error", out JsonElement error) && error.ValueKind == JsonValueKind.String)
        {
            throw new ErrorReplyException(method, path, error.GetString()!.TrimEnd('\n'));
        }

        if (!reply.TryGetProperty("result", out JsonElement result) || result.ValueKind != JsonValueKind.String)
        {
            throw new MalformedReplyException(method, path, "neither a result nor an error in it");
        }

        CheckId(method, path, reply.TryGetProperty("id", out JsonElement id) ? id.GetRawText() : null);
        return result.GetString()!;
    }

    private static void CheckId(string method, string path, string? id)
    {
        if (id != RequestId.ToString())
        {
            throw new MalformedReplyException(
                method, path, $"it answers request {id ?? "without id"}, not {RequestId}");
        }
    }

    private string FindSocket(string method)
    {
        if (options.Answers is not null)
        {
            throw new DaemonUnreachableException(method, "support bundle", "it answers only what was recorded");
        }

        if (options.SocketPath is not null)
        {
            return options.SocketPath;
        }

        string[] directories = options.RunDirectory is null ? RunDirectories : [options.RunDirectory];
        foreach (string directory in directories)
        {
            string pidFile = Path.Combine(directory, PidFile);
            Reading<int> pid = LiveFiles.Instance.Number<int>(pidFile);
            if (pid.IsFailed)
            {
                throw new DaemonUnreachableException(method, pidFile, pid.WhyOf(pidFile));
            }

            if (pid.IsKnown)
            {
                return Path.Combine(directory, $"ovs-vswitchd.{pid.Value}.ctl");
            }
        }

        throw new DaemonUnreachableException(method, Path.Combine(directories[0], PidFile), "no such pid file");
    }
}
