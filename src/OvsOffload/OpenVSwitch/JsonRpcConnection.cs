using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using OvsOffload.Os;

#pragma warning disable RS0030 // The one connection to the daemons of Open vSwitch.

namespace OvsOffload.OpenVSwitch;

/// <summary>One connection to a unix stream socket that speaks JSON-RPC 1.0, as ovsdb-server and ovs-vswitchd
/// do.</summary>
/// <remarks>
/// Errors of the socket become the typed ones of <see cref="OpenVSwitchException"/>. Sending and receiving may go on
/// side by side, each by one caller at a time. Time is not bounded here: that is the caller's, through the token.
/// </remarks>
internal sealed class JsonRpcConnection : IDisposable
{
    private const int FirstBufferBytes = 16 * 1024;

    private readonly Socket _socket;
    private readonly string _path;
    private readonly int _maxReplyBytes;
    private byte[] _buffer = [];
    private int _start;
    private int _end;

    private JsonRpcConnection(Socket socket, string path, int maxReplyBytes)
    {
        _socket = socket;
        _path = path;
        _maxReplyBytes = maxReplyBytes;
    }

    /// <summary>Path of the socket.</summary>
    public string Path => _path;

    /// <remarks>
    /// Whoever answers is root, the user who runs this program, or the one whose the socket's directory is, as Open
    /// vSwitch runs with <c>--user</c>; links are followed as <see cref="PathWalk"/> says. Anybody else could tell this
    /// host a story, or have this program talk to another daemon.
    /// </remarks>
    /// <exception cref="DaemonUnreachableException">The socket is absent, refuses, may not be opened by this user, or
    /// is somebody else's.</exception>
    public static async Task<JsonRpcConnection> ConnectAsync(
        string operation, string path, int maxReplyBytes, CancellationToken cancellationToken)
    {
        using PathWalk walk = Find(operation, path);
        using SafeFileHandle place = walk.TakePath()!;
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            // By its descriptor: the name may lead elsewhere by now.
            await socket.ConnectAsync(
                new UnixDomainSocketEndPoint($"/proc/self/fd/{place.DangerousGetHandle()}"), cancellationToken);
            uint peer = PeerOf(socket);
            if (peer != 0 && peer != LibC.EffectiveUser()
                && (LibC.StatusOf(walk.Parent, out LibC.FileStatus folder) != 0 || peer != folder.User))
            {
                throw new DaemonUnreachableException(
                    operation, path, $"user {peer} listens there, who is neither root nor the owner of its directory");
            }

            return new JsonRpcConnection(socket, path, maxReplyBytes);
        }
        catch (SocketException failure)
        {
            socket.Dispose();
            throw failure.SocketErrorCode == SocketError.AccessDenied
                ? new DaemonUnreachableException(operation, path, Denied, failure)
                : new DaemonUnreachableException(operation, path, failure.Message, failure);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private const string Denied = "permission denied (run as root)";

    /// <summary>Goes to the socket.</summary>
    private static PathWalk Find(string operation, string path)
    {
        Reading<PathWalk> found = PathWalk.To("", System.IO.Path.GetFullPath(path));
        if (!found.TryGet(out PathWalk? walk))
        {
            throw new DaemonUnreachableException(
                operation, path,
                found.IsAbsent ? NoSocket : found.Why.Contains(Errno.EACCES.Describe()) ? Denied : found.WhyOf(path));
        }

        string? why = walk.Status is not { } status ? NoSocket
            : status.IsSocket() ? null
            : $"is {status.Describe()}, not a socket";
        if (why is not null)
        {
            walk.Dispose();
            throw new DaemonUnreachableException(operation, path, why);
        }

        return walk;
    }

    private const string NoSocket = "no such socket";

    /// <summary>Who called listen(2): SO_PEERCRED, struct ucred of linux/socket.h.</summary>
    private static uint PeerOf(Socket socket)
    {
        const int Level = 1, PeerCredentials = 17, User = 4;
        Span<byte> credentials = stackalloc byte[12];
        socket.GetRawSocketOption(Level, PeerCredentials, credentials);
        return BitConverter.ToUInt32(credentials[User..]);
    }

    /// <exception cref="DaemonUnreachableException">The daemon closed the connection.</exception>
    public async Task SendAsync(string operation, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        try
        {
            while (!message.IsEmpty)
            {
                message = message[await _socket.SendAsync(message, SocketFlags.None, cancellationToken)..];
            }
        }
        catch (SocketException e)
        {
            throw new DaemonUnreachableException(operation, _path, $"the connection was closed ({e.Message})", e);
        }
    }

    /// <summary>Receives raw bytes, past what <see cref="ReceiveObjectAsync"/> buffers: use one of the two on a
    /// connection.</summary>
    /// <returns>The count of bytes, above 0.</returns>
    /// <param name="operation">What is being done, for messages.</param>
    /// <param name="into">Where the bytes go; not empty.</param>
    /// <param name="started">True when a part of the reply has come, so that an end is a truncation.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="DaemonUnreachableException">The connection ended before the reply began.</exception>
    /// <exception cref="MalformedReplyException">The connection ended within a reply.</exception>
    public async ValueTask<int> ReceiveAsync(
        string operation, Memory<byte> into, bool started, CancellationToken cancellationToken)
    {
        int count = 0;
        SocketException? inner = null;
        try
        {
            count = await _socket.ReceiveAsync(into, SocketFlags.None, cancellationToken);
        }
        catch (SocketException e)
        {
            inner = e;
        }

        if (count > 0)
        {
            return count;
        }

        throw started
            ? new MalformedReplyException(operation, _path, "truncated", inner)
            : new DaemonUnreachableException(operation, _path, "the connection was closed without a reply", inner);
    }

    /// <summary>Receives the next whole JSON object. A wait that was given up loses nothing: the next call goes on
    /// with it.</summary>
    /// <exception cref="DaemonUnreachableException">The connection ended between two objects.</exception>
    /// <exception cref="MalformedReplyException">Not JSON, not an object, or broken off.</exception>
    /// <exception cref="ReplyTooLargeException">Longer than the bound given at the start.</exception>
    public async Task<JsonElement> ReceiveObjectAsync(string operation, CancellationToken cancellationToken)
    {
        var framer = new JsonObjectFramer();
        int followed = _start;
        while (true)
        {
            int length = Advance(operation, ref framer, _buffer.AsSpan(followed, _end - followed));
            if (length >= 0)
            {
                return Take(operation, followed + length);
            }

            MakeRoom(operation, framer.InObject);
            followed = _end;
            _end += await ReceiveAsync(operation, _buffer.AsMemory(_end), framer.InObject, cancellationToken);
        }
    }

    public void Dispose() => _socket.Dispose();

    private int Advance(string operation, ref JsonObjectFramer framer, ReadOnlySpan<byte> bytes)
    {
        try
        {
            return framer.Advance(bytes);
        }
        catch (FormatException e)
        {
            throw new MalformedReplyException(operation, _path, e.Message, e);
        }
    }

    private JsonElement Take(string operation, int end)
    {
        Span<byte> text = _buffer.AsSpan(_start, end - _start);
        _start = end;
        try
        {
            return JsonRpcText.Parse(text);
        }
        catch (FormatException e)
        {
            throw new MalformedReplyException(operation, _path, e.Message, e.InnerException ?? e);
        }
    }

    private void MakeRoom(string operation, bool inObject)
    {
        if (!inObject)
        {
            _start = _end = 0;
        }

        int held = _end - _start;
        if (held >= _maxReplyBytes)
        {
            throw new ReplyTooLargeException(operation, _path, _maxReplyBytes);
        }

        if (_end < _buffer.Length)
        {
            return;
        }

        byte[] room = held < _buffer.Length / 2
            ? _buffer
            : new byte[Math.Clamp(_buffer.Length * 2, FirstBufferBytes, Math.Max(_maxReplyBytes, FirstBufferBytes))];
        _buffer.AsSpan(_start, held).CopyTo(room);
        _buffer = room;
        _start = 0;
        _end = held;
    }
}
