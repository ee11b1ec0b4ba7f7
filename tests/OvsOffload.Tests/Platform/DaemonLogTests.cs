using System.Text;
using OvsOffload.Platform;

namespace OvsOffload.Tests.Platform;

public sealed class DaemonLogTests : IDisposable
{
    private const string First = "2025-11-20T08:15:01.123Z|00001|vlog|INFO|opened log file "
        + "/var/log/openvswitch/x.log\n";
    private const string Second =
        "2025-11-20T08:15:02.456Z|00002|dpif_netlink(handler1)|WARN|failed to offload flow: Operation not supported: "
            + "p0|1\n";

    private readonly HostTree _host = new();

    private string LogFile => DaemonLog.VswitchdLog(_host.Paths);

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Lines_have_time_module_level_and_message()
    {
        Write(First + Second);

        DaemonLogTail tail = DaemonLog.Read(LogFile).Value;

        Assert.True(tail.IsWhole);
        Assert.Equal(2, tail.Lines.Count);
        Assert.Equal(new DaemonLogLine(new DateTimeOffset(2025, 11, 20, 8, 15, 2, 456, TimeSpan.Zero),
            "dpif_netlink(handler1)", "WARN", "failed to offload flow: Operation not supported: p0|1"), tail.Lines[1]);
    }

    [Fact]
    public void A_line_that_is_being_written_is_left_out()
    {
        Write(First + Second[..^1]);

        Assert.Single(DaemonLog.Read(LogFile).Value.Lines);
    }

    [Fact]
    public void A_bounded_tail_begins_with_a_whole_line_wherever_the_bound_falls()
    {
        Write(First + Second);
        for (int bound = 1; bound < First.Length + Second.Length; bound++)
        {
            DaemonLogTail tail = DaemonLog.Read(LogFile, bound).Value;

            Assert.False(tail.IsWhole);
            Assert.Equal(bound < Second.Length ? 0 : 1, tail.Lines.Count);
        }
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_harm_only_themselves()
    {
        Write([.. Encoding.UTF8.GetBytes(First), 0xff, 0xfe, (byte)'\n', .. Encoding.UTF8.GetBytes(Second)]);

        IReadOnlyList<DaemonLogLine> lines = DaemonLog.Read(LogFile).Value.Lines;

        Assert.Equal("\ufffd\ufffd", lines[1].Message);
        Assert.Null(lines[1].Time);
        Assert.Equal("WARN", lines[2].Level);
    }

    [Fact]
    public void A_log_that_is_not_there_is_absent() => Assert.True(DaemonLog.Read(LogFile).IsAbsent);

    [Fact]
    public void An_empty_log_has_no_lines()
    {
        Write("");

        Assert.Empty(DaemonLog.Read(LogFile).Value.Lines);
    }

    private void Write(string text) => Write(Encoding.UTF8.GetBytes(text));

    private void Write(byte[] bytes) => _host.File("/var/log/openvswitch/ovs-vswitchd.log", bytes);
}
