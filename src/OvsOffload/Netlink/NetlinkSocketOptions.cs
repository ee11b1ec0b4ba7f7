using System.Net.Sockets;

#pragma warning disable RS0030 // Netlink's own socket.

namespace OvsOffload.Netlink;

/// <summary>How a netlink socket is opened and how long it waits.</summary>
internal sealed record NetlinkSocketOptions
{
    public static readonly NetlinkSocketOptions Default = new();

    /// <summary>
    /// How long the kernel may take for one exchange, the whole of a dump included; default 10 s. A request may bring a
    /// longer bound of its own.
    /// </summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The network namespace in which the socket lives, as a path: <c>/run/netns/NAME</c> or <c>/proc/PID/ns/net</c>;
    /// default null, the namespace of this process.
    /// </summary>
    public string? NetworkNamespace { get; init; }

    /// <summary>Sends a message, and returns when the kernel has done its work; replaced in tests by a kernel that does
    /// not.</summary>
    public Func<Socket, byte[], int> Send { get; init; } = static (socket, message) => socket.Send(message);
}
