using System.Diagnostics;
using OvsOffload.Host;
using OvsOffload.Os;

namespace OvsOffload.Tests.Host;

public sealed class ProcessProbeTests : IDisposable
{
    /// <summary>As Linux 6.1 writes it; a process may call itself anything.</summary>
    private const string Stat =
        "812 (ovs off) 4 (x) S 1 812 812 0 -1 4194560 9154 0 61 0 150 25 0 0 20 0 14 0 4300 272052256 9765 "
        + "18446744073709551615 1 1 0 0 0 0 0 4096 17642 0 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 0\n";

    private const string Limits =
        """
        Limit                     Soft Limit           Hard Limit           Units
        Max processes             127235               127235               processes
        Max open files            1024                 524288               files
        Max locked memory         8388608              8388608              bytes
        """;

    private readonly HostTree _host = new HostTree()
        .File("/proc/self/stat", Stat)
        .File("/proc/self/limits", Limits)
        .File("/proc/self/fdinfo/0", "pos:\t0\n")
        .File("/proc/self/fdinfo/7", "pos:\t0\n")
        .File("/proc/stat", "cpu  1 2 3 4\nintr 99 0 0\nbtime 1764469000\nprocesses 8\n");

    public void Dispose() => _host.Dispose();

    [Fact]
    public void What_the_program_uses_is_read_from_its_directory_in_procfs()
    {
        ProcessFacts facts = new ProcessProbe(_host.Paths).Read();

        ProcessUsage usage = facts.Usage.Value;
        Assert.Equal(TimeSpan.FromSeconds(1.75), usage.Cpu);
        Assert.Equal(272_052_256, usage.VirtualBytes);
        Assert.Equal(9765L * Environment.SystemPageSize, usage.ResidentBytes);
        Assert.Equal(2, facts.OpenFiles.Value);
        Assert.Equal(1024, facts.MaxFiles.Value);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_764_469_043), facts.Started.Value);
    }

    [Theory]
    [InlineData("/proc/self/stat", "812 (ovs-offload) S 1 812\n")]
    [InlineData("/proc/self/limits", "Max open files            unlimited            unlimited            files\n")]
    [InlineData("/proc/stat", "cpu  1 2 3 4\n")]
    public void What_is_not_in_the_form_of_procfs_is_a_failure_that_names_the_file(string file, string text)
    {
        _host.File(file, text);

        ProcessFacts facts = new ProcessProbe(_host.Paths).Read();

        string[] failures =
            [facts.Usage.Why, facts.OpenFiles.Why, facts.MaxFiles.Why, facts.Started.Why];
        Assert.Equal(
            [$"{_host.At(file)}: unexpected format (proc(5))"], failures.Where(why => why != "").Distinct());
    }

    [Fact]
    public void When_it_was_started_is_read_once()
    {
        var probe = new ProcessProbe(_host.Paths);
        DateTimeOffset started = probe.Read().Started.Value;
        _host.File("/proc/stat", "btime 5\n");

        Assert.Equal(started, probe.Read().Started.Value);
    }

    [Fact]
    public void The_kernel_tells_of_this_program_what_the_runtime_tells()
    {
        using var self = Process.GetCurrentProcess();

        ProcessFacts facts = new ProcessProbe(HostPaths.Real).Read();

        Assert.InRange(
            facts.Usage.Value.Cpu, TimeSpan.FromMilliseconds(10), self.TotalProcessorTime + TimeSpan.FromSeconds(1));
        Assert.InRange(facts.Usage.Value.ResidentBytes, 1 << 20, facts.Usage.Value.VirtualBytes);
        Assert.InRange(facts.OpenFiles.Value, 3, facts.MaxFiles.Value);
        Assert.InRange((facts.Started.Value - self.StartTime).Duration(), TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }
}
