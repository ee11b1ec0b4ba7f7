using System.Net.Sockets;
using System.Text;

namespace OvsOffload.Testing;

/// <summary>A listener on a unix socket in a directory of its own; what it does with a connection is the
/// test's.</summary>
internal sealed class FakeDaemon : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("ovs-offload-");
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    public FakeDaemon(Func<Socket, CancellationToken, Task> serve, string socketName = "daemon.ctl")
    {
        SocketPath = Path.Combine(_directory.FullName, socketName);
        _listener.Bind(new UnixDomainSocketEndPoint(SocketPath));
        _listener.Listen();
        _serving = AcceptAsync(serve);
    }

    public string RunDirectory => _directory.FullName;

    public string SocketPath { get; }

    /// <summary>Answers each connection's first request with these bytes and closes it.</summary>
    public static FakeDaemon Answering(string bytes) => Answering(Encoding.UTF8.GetBytes(bytes));

    /// <summary>Answers with these bytes, at most <paramref name="chunk"/> of them at a time, and closes the
    /// connection, unless it
    /// <paramref name="stays"/>: then it listens on until the client closes.</summary>
    public static FakeDaemon Answering(ReadOnlyMemory<byte> bytes, int chunk = int.MaxValue, bool stays = false) =>
        new(async (connection, stop) =>
        {
            await ReadRequestAsync(connection, stop);
            for (ReadOnlyMemory<byte> rest = bytes; !rest.IsEmpty; rest = rest[Math.Min(chunk, rest.Length)..])
            {
                await connection.SendAsync(rest[..Math.Min(chunk, rest.Length)], stop);
            }

            while (stays && await ReadRequestAsync(connection, stop) != "")
            {
            }
        });

    /// <summary>Takes connections and requests, and never answers.</summary>
    public static FakeDaemon Hanging() => new((_, stop) => Task.Delay(Timeout.Infinite, stop));

    /// <summary>The text of what one receive gives: a small request comes in one piece.</summary>
    public static async Task<string> ReadRequestAsync(Socket connection, CancellationToken stop)
    {
        byte[] buffer = new byte[64 * 1024];
        return Encoding.UTF8.GetString(buffer, 0, await connection.ReceiveAsync(buffer, stop));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _serving;
        _stop.Dispose();
        _directory.Delete(recursive: true);
    }

    private async Task AcceptAsync(Func<Socket, CancellationToken, Task> serve)
    {
        try
        {
            while (true)
            {
                using Socket connection = await _listener.AcceptAsync(_stop.Token);
                await ServeAsync(serve, connection);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Func<Socket, CancellationToken, Task> serve, Socket connection)
    {
        try
        {
            await serve(connection, _stop.Token);
        }
        catch (SocketException)
        {
            // A client that has seen enough closes its end; the next one is served all the same.
        }
    }
}
