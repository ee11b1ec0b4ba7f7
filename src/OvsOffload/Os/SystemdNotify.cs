using System.Globalization;
using System.Net.Sockets;
using System.Text;

#pragma warning disable RS0030 // Systemd's socket.

namespace OvsOffload.Os;

/// <summary>
/// Tells systemd about the service, sd_notify(3): one datagram of KEY=VALUE lines to the socket that NOTIFY_SOCKET
/// names. Without NOTIFY_SOCKET every call does nothing. Safe for concurrent use.
/// </summary>
internal sealed class SystemdNotify
{
    private readonly UnixDomainSocketEndPoint? _socket;
    private readonly TimeProvider _time;

    /// <param name="environment">Reads an environment variable.</param>
    /// <param name="time">Its timestamp must be CLOCK_MONOTONIC, as that of <see cref="TimeProvider.System"/>
    /// is.</param>
    public SystemdNotify(Func<string, string?> environment, TimeProvider time)
    {
        _time = time;
        // A leading @ means an abstract socket, whose name starts with a zero byte. vsock: is for guests, not for
        // services.
        _socket = environment("NOTIFY_SOCKET") switch
        {
            ['/', ..] path => new UnixDomainSocketEndPoint(path),
            ['@', .. var name] => new UnixDomainSocketEndPoint("\0" + name),
            _ => null,
        };
        WatchdogInterval = Watchdog(environment);
    }

    /// <summary>How often systemd wants a sign of life at least (WATCHDOG_USEC); null when it wants none, or not from
    /// this process. Send twice as often.</summary>
    public TimeSpan? WatchdogInterval { get; }

    /// <summary>The service is up, or a reload is done.</summary>
    public void Ready(string status) => Send($"READY=1\nSTATUS={OneLine(status)}");

    /// <summary>A reload begins; <see cref="Ready"/> ends it. The time makes systemd wait for this reload
    /// (Type=notify-reload).</summary>
    public void Reloading()
    {
        long microseconds = (long)(_time.GetTimestamp() * (1e6 / _time.TimestampFrequency));
        Send(string.Create(CultureInfo.InvariantCulture, $"RELOADING=1\nMONOTONIC_USEC={microseconds}"));
    }

    public void Stopping() => Send("STOPPING=1");

    /// <summary>One line for <c>systemctl status</c>.</summary>
    public void Status(string status) => Send($"STATUS={OneLine(status)}");

    /// <summary>A sign of life.</summary>
    public void KeepAlive() => Send("WATCHDOG=1");

    private static string OneLine(string status) => status.ReplaceLineEndings(" ");

    private static TimeSpan? Watchdog(Func<string, string?> environment)
    {
        if (!long.TryParse(
            environment("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out long microseconds)
            || microseconds == 0)
        {
            return null;
        }
        bool isForOther = int.TryParse(
            environment("WATCHDOG_PID"), NumberStyles.None, CultureInfo.InvariantCulture, out int process)
            && process != Environment.ProcessId;
        return isForOther ? null : TimeSpan.FromMicroseconds(microseconds);
    }

    /// <exception cref="SocketException">systemd's socket does not take the message.</exception>
    private void Send(string message)
    {
        if (_socket is null)
        {
            return;
        }
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.SendTo(Encoding.UTF8.GetBytes(message), _socket);
    }
}
