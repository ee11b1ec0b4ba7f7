using System.Net.Sockets;

namespace OvsOffload.OpenVSwitch;

/// <content>Whether the daemon is there at all, without asking it anything.</content>
internal sealed partial class UnixctlClient
{
    /// <summary>
    /// Connects and hangs up: the kernel answers for the daemon, so that this never waits on its main thread.
    /// </summary>
    /// <returns>
    /// The socket on which it listens, whose name holds the process id, so that a restart shows; null when nobody does.
    /// </returns>
    public async Task<string?> ListeningAsync(CancellationToken cancellationToken)
    {
        const string Operation = "connect";
        string? path = null;
        try
        {
            path = FindSocket(Operation);
            using JsonRpcConnection connection = await JsonRpcConnection.ConnectAsync(
                Operation, path, options.MaxReplyBytes, cancellationToken);
            return path;
        }
        catch (DaemonUnreachableException e) when (
            e.InnerException is SocketException { SocketErrorCode: SocketError.WouldBlock })
        {
            // EAGAIN, unix(7): it listens, and so many wait for it, as while it builds a long dump.
            return path;
        }
        catch (DaemonUnreachableException)
        {
            return null;
        }
    }
}
