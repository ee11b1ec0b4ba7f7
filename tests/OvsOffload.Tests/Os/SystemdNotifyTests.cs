using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using OvsOffload.Os;

namespace OvsOffload.Tests.Os;

public sealed class SystemdNotifyTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("ovs-offload-notify-");
    private readonly Socket _systemd = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    public void Dispose()
    {
        _systemd.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public void Ready_is_a_datagram_to_the_path_that_systemd_named()
    {
        SystemdNotify notify = Listen(Path.Combine(_directory.FullName, "notify"));

        notify.Ready("2 NICs\nin switchdev mode");

        Assert.Equal("READY=1\nSTATUS=2 NICs in switchdev mode", Received());
    }

    [Fact]
    public void An_abstract_socket_is_reached_too()
    {
        SystemdNotify notify = Listen($"@ovs-offload-test-{Guid.NewGuid():n}");

        notify.Stopping();
        Assert.Equal("STOPPING=1", Received());
        notify.KeepAlive();
        Assert.Equal("WATCHDOG=1", Received());
        notify.Status("waiting for representors");
        Assert.Equal("STATUS=waiting for representors", Received());
    }

    [Fact]
    public void A_reload_carries_the_monotonic_time_in_microseconds()
    {
        SystemdNotify notify = Listen(Path.Combine(_directory.FullName, "notify"));

        long before = Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000);
        notify.Reloading();
        long after = Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000);

        string[] lines = Received().Split('\n');
        Assert.Equal("RELOADING=1", lines[0]);
        Assert.InRange(long.Parse(lines[1]["MONOTONIC_USEC=".Length..]), before - 1, after + 1);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("vsock:2:1234")]
    public void Without_a_socket_nothing_is_sent(string? socket)
    {
        var notify = new SystemdNotify(name => name == "NOTIFY_SOCKET" ? socket : null, TimeProvider.System);

        Assert.Null(Record.Exception(() => notify.Ready("up")));
    }

    [Theory]
    [InlineData("30000000", null, 30)]
    [InlineData("30000000", "self", 30)]
    [InlineData("30000000", "1", null)]
    [InlineData("0", null, null)]
    [InlineData("soon", null, null)]
    [InlineData(null, null, null)]
    public void The_watchdog_is_for_this_process_or_not_at_all(string? microseconds, string? process, int? seconds)
    {
        string? pid = process == "self" ? $"{Environment.ProcessId}" : process;

        var notify = new SystemdNotify(
            name => name switch { "WATCHDOG_USEC" => microseconds, "WATCHDOG_PID" => pid, _ => null },
            TimeProvider.System);

        Assert.Equal(seconds, notify.WatchdogInterval?.TotalSeconds);
    }

    private SystemdNotify Listen(string name)
    {
        _systemd.Bind(new UnixDomainSocketEndPoint(name.StartsWith('@') ? "\0" + name[1..] : name));
        return new SystemdNotify(key => key == "NOTIFY_SOCKET" ? name : null, TimeProvider.System);
    }

    private string Received()
    {
        byte[] buffer = new byte[4096];
        return Encoding.UTF8.GetString(buffer, 0, _systemd.Receive(buffer));
    }
}
