using OvsOffload.Os;
using OvsOffload.Platform;

namespace OvsOffload.Tests.Platform;

public sealed class KernelLogTests : IDisposable
{
    // Read from /dev/kmsg of kernel 6.1, with records added in the form of mlx5_core.
    private const string Log = """
        5,0,0,-;Linux version 6.1.0-56-amd64
        6,339,5140900,-;NET: Registered PF_INET6 protocol family
         SUBSYSTEM=net
         DEVICE=+pci:0000:3b:00.0
        3,340,6000001,-,caller=T12;mlx5_core 0000:3b:00.0: not enough MMIO resources for SR-IOV
        30,341,6000002,c;systemd[1]: caf\xc3\xa9 \x5c started

        """;

    private readonly HostTree _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Records_have_time_level_and_text()
    {
        _host.File("/dev/kmsg", Log);

        IReadOnlyList<KernelLogRecord> records = new KernelLog(_host.Paths).Read().Value;

        Assert.Equal(4, records.Count);
        Assert.Equal(new KernelLogRecord(340, TimeSpan.FromMicroseconds(6000001), KernelLogLevel.Error,
            "mlx5_core 0000:3b:00.0: not enough MMIO resources for SR-IOV"), records[2]);
        Assert.Equal(@"systemd[1]: café \ started", records[3].Text);
        Assert.Equal(KernelLogLevel.Informational, records[3].Level);
    }

    [Fact]
    public void Only_the_last_records_are_kept()
    {
        _host.File("/dev/kmsg", Log);

        Assert.Equal([340, 341], new KernelLog(_host.Paths).Read(bound: 2).Value.Select(record => record.Sequence));
    }

    [Fact]
    public void What_a_step_has_caused_is_read_from_a_sequence_on()
    {
        _host.File("/dev/kmsg", Log);

        Assert.Equal([341], new KernelLog(_host.Paths).Read(after: 340).Value.Select(record => record.Sequence));
    }

    [Fact]
    public void A_host_without_the_device_is_absent() => Assert.True(new KernelLog(_host.Paths).Read().IsAbsent);

    [Fact]
    public void A_log_cut_anywhere_gives_a_prefix_of_its_records()
    {
        for (int length = 0; length <= Log.Length; length++)
        {
            _host.File("/dev/kmsg", Log[..length]);

            long[] sequences = new KernelLog(_host.Paths).Read().Value.Select(record => record.Sequence).ToArray();

            Assert.Equal(new long[] { 0, 339, 340, 341 }[..sequences.Length], sequences);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(";")]
    [InlineData("6,1,2;text")]
    [InlineData("6,1,x,-;text")]
    [InlineData("6,-1,2,-;text")]
    [InlineData("6,1,9223372036854775807,-;text")]
    [InlineData("<6>[    1.0] text; more")]
    public void A_line_that_is_no_record_is_none(string line) => Assert.False(KernelLogRecord.TryParse(line, out _));

    [Fact]
    public void The_log_of_the_running_kernel_is_read_to_its_end_without_waiting()
    {
        Reading<IReadOnlyList<KernelLogRecord>> reading = new KernelLog(HostPaths.Real).Read();
        Assert.SkipWhen(reading.IsAbsent, "there is no /dev/kmsg here");
        Assert.SkipWhen(reading.IsFailed, $"the kernel log is not readable here: {reading.Why}");

        Assert.NotEmpty(reading.Value);
        Assert.Equal(reading.Value.OrderBy(record => record.Sequence), reading.Value);
    }
}
