using OvsOffload.Os;
using OvsOffload.Platform;

namespace OvsOffload.Tests.Platform;

public sealed class SshConnectionsTests : IDisposable
{
    private const string Header =
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";

    // 192.0.2.10:22 <- 198.51.100.7:50000, established; a listener; one in TIME_WAIT; one to port 2222.
    private const string Four = Header
        + "   0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1675 1 0 100 0 "
        + "0 10 0\n"
        + "   1: 0A0200C0:0016 076433C6:C350 01 00000000:00000000 02:000A7D2C 00000000     0        0 2001 4 0 20 4 "
        + "30 10 -1\n"
        + "   2: 0A0200C0:0016 086433C6:C351 06 00000000:00000000 03:00000C15 00000000     0        0 0 3 0\n"
        + "   3: 0A0200C0:08AE 096433C6:C352 01 00000000:00000000 02:000A7D2C 00000000     0        0 2003 4 0 20 4 "
        + "30 10 -1\n";

    // 2001:db8::10:22 <- 2001:db8::7:50001; an IPv4 peer on a dual-stack socket.
    private const string Six = Header
        + "   0: B80D0120000000000000000010000000:0016 B80D0120000000000000000007000000:C351 01 0:0 0:0 0 0 0 3001 1 "
        + "0\n"
        + "   1: 0000000000000000FFFF00000A0200C0:0016 0000000000000000FFFF0000056433C6:C353 01 0:0 0:0 0 0 0 3002 1 "
        + "0\n";

    private readonly HostTree _host = new();

    public SshConnectionsTests() => _host.Link("/proc/self/ns/pid", "pid:[4026531836]").File("/proc/net/tcp", Four);

    public void Dispose() => _host.Dispose();

    [Fact]
    public void An_established_connection_to_port_22_is_one()
    {
        SshConnection connection = Assert.Single(Read());

        Assert.Equal("192.0.2.10:22", connection.Local.ToString());
        Assert.Equal("198.51.100.7:50000", connection.Peer.ToString());
        Assert.Equal("port 22", connection.Why);
    }

    [Fact]
    public void An_SSH_server_on_another_port_is_found_by_its_socket()
    {
        _host.File("/proc/812/comm", "sshd\n").Link("/proc/812/fd/4", "socket:[2003]")
            .File("/proc/900/comm", "nginx\n").Link("/proc/900/fd/4", "socket:[2003]");

        Assert.Contains(Read(), connection => connection.Peer.ToString() == "198.51.100.9:50002"
            && connection.Why == "sshd (pid 812)");
    }

    [Theory]
    [InlineData("1000\t1000", false)]
    [InlineData("1000\t0", true)]
    [InlineData("0\t0", true)]
    public void A_process_called_sshd_is_believed_only_if_it_is_root_s(string users, bool isBelieved)
    {
        _host.File("/proc/812/comm", "sshd\n").Link("/proc/812/fd/4", "socket:[2003]")
            .File("/proc/812/status", $"Name:\tsshd\nUid:\t{users}\t0\t0\nGid:\t0\t0\t0\t0\n");

        Assert.Equal(isBelieved, Read().Any(connection => connection.Why == "sshd (pid 812)"));
    }

    [Fact]
    public void IPv6_and_IPv4_on_a_dual_stack_socket_are_read()
    {
        _host.File("/proc/net/tcp6", Six);

        Assert.Equal(["198.51.100.7:50000", "[2001:db8::7]:50001", "198.51.100.5:50003"],
            Read().Select(connection => connection.Peer.ToString()));
    }

    [Fact]
    public void The_environment_above_sudo_is_asked_too()
    {
        _host.File("/proc/1000/environ", "PATH=/bin\0").File("/proc/1000/stat", "1000 (ovs-offload) R 999 1 1 0\n")
            .File("/proc/999/environ", "").File("/proc/999/stat", "999 (su (do) x) S 998 1 1 0\n")
            .File("/proc/998/environ", "A=1\0SSH_CONNECTION=203.0.113.5 4711 192.0.2.10 2222\0B=2\0")
            .File("/proc/998/stat", "998 (bash) S 1 1 1 0\n");

        SshConnection connection = Read(1000)[^1];

        Assert.Equal("203.0.113.5:4711", connection.Peer.ToString());
        Assert.Equal("192.0.2.10:2222", connection.Local.ToString());
        Assert.Equal("SSH_CONNECTION of pid 998", connection.Why);
    }

    [Fact]
    public void A_table_cut_inside_a_line_is_failed_or_shorter_but_never_wrong()
    {
        for (int length = 0; length < Four.Length; length++)
        {
            _host.File("/proc/net/tcp", Four[..length]);

            Reading<IReadOnlyList<SshConnection>> reading = new SshConnections(_host.Paths).Read(1);

            Assert.True(reading.IsFailed || reading.Value.All(connection => connection.Peer.Port == 50000));
        }
    }

    [Fact]
    public void A_process_that_may_not_be_looked_into_makes_it_unknown()
    {
        _host.File("/proc/500/fd/3", "");

        Assert.True(new SshConnections(_host.Paths).Read(1).IsFailed);
    }

    private IReadOnlyList<SshConnection> Read(int process = 1) => new SshConnections(_host.Paths).Read(process).Value;
}
