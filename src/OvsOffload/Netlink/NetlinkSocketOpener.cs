using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using Microsoft.Win32.SafeHandles;
using OvsOffload.Os;

#pragma warning disable RS0030 // Netlink's own socket.

namespace OvsOffload.Netlink;

/// <summary>
/// Opens netlink sockets. socket(2) is called directly because .NET refuses AF_NETLINK; the descriptor is then
/// wrapped in a .NET <see cref="Socket"/>, which sends, waits and cancels like any other.
/// </summary>
internal static class NetlinkSocketOpener
{
    private const int NetlinkLevel = 270; // SOL_NETLINK, linux/socket.h
    private const int AddMembership = 1; // NETLINK_ADD_MEMBERSHIP, linux/netlink.h
    private const int CapAck = 10; // NETLINK_CAP_ACK
    private const int ExtAck = 11; // NETLINK_EXT_ACK
    private const int GetStrictCheck = 12; // NETLINK_GET_STRICT_CHK

    /// <summary>Opens and binds a socket, joined to the given multicast groups.</summary>
    /// <exception cref="NetlinkException">The kernel refuses, or the network namespace cannot be entered.</exception>
    public static Socket Open(NetlinkProtocol protocol, string? networkNamespace, IReadOnlyList<uint> groups)
    {
        Socket socket = networkNamespace is null
            ? OpenInOwnNamespace(protocol)
            : OpenInNamespace(protocol, networkNamespace);
        try
        {
            foreach (uint group in groups)
            {
                SetOption(socket, AddMembership, group);
            }

            return socket;
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw Failure(protocol, (Errno)exception.NativeErrorCode);
        }
    }

    private static Socket OpenInOwnNamespace(NetlinkProtocol protocol)
    {
        int descriptor = LibC.NetlinkSocket((int)protocol);
        if (descriptor < 0)
        {
            throw Failure(protocol, LibC.LastError);
        }

        var socket = new Socket(new SafeSocketHandle(descriptor, ownsHandle: true));
        try
        {
            // bound at once, because a socket without a port misses the notifications that the kernel itself causes
            if (LibC.BindNetlink(socket.SafeHandle) < 0)
            {
                throw Failure(protocol, LibC.LastError);
            }

            SetOption(socket, CapAck, 1);
            SetOption(socket, ExtAck, 1);
            SetOption(socket, GetStrictCheck, 1);
            return socket;
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw Failure(protocol, (Errno)exception.NativeErrorCode);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>
    /// A thread that is in another namespace must never return to the pool; a socket stays where it was opened. So a
    /// thread of its own enters, opens and ends.
    /// </summary>
    private static Socket OpenInNamespace(NetlinkProtocol protocol, string path)
    {
        Socket? socket = null;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                // A path that is no namespace must not block: it stands in the mount table, but others may write there.
                using var file = new SafeFileHandle(LibC.OpenNonBlocking(path), ownsHandle: true);
                if (file.IsInvalid)
                {
                    throw new NetlinkException("enter network namespace", path, LibC.LastError);
                }

                if (LibC.EnterNetwork(file) < 0)
                {
                    throw new NetlinkException("enter network namespace", path, LibC.LastError);
                }

                socket = OpenInOwnNamespace(protocol);
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        })
        {
            IsBackground = true,
            Name = "netlink namespace",
        };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return socket!;
    }

    private static void SetOption(Socket socket, int option, uint value) =>
        socket.SetRawSocketOption(NetlinkLevel, option, BitConverter.GetBytes(value));

    private static NetlinkException Failure(NetlinkProtocol protocol, Errno errno) =>
        new("open netlink socket", $"protocol {protocol}", errno);
}
