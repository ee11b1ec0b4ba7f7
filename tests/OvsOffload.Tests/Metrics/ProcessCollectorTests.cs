using OvsOffload.Host;
using OvsOffload.Metrics;
using OvsOffload.Os;

namespace OvsOffload.Tests.Metrics;

public sealed class ProcessCollectorTests
{
    private static readonly ProcessFacts Facts = new(
        Reading.Known(new ProcessUsage(
            TimeSpan.FromSeconds(1.25), TimeSpan.FromMinutes(2), VirtualBytes: 4096, ResidentBytes: 1024)),
        Reading.Known(71),
        Reading.Known(524288L),
        Reading.Known(DateTimeOffset.FromUnixTimeMilliseconds(1_764_469_120_250)));

    [Fact]
    public void The_program_shows_what_it_uses_under_the_names_that_all_programs_use() => Assert.Equal(
        [
            ("process_cpu_seconds_total", 1.25),
            ("process_resident_memory_bytes", 1024.0),
            ("process_virtual_memory_bytes", 4096.0),
            ("process_open_fds", 71.0),
            ("process_max_fds", 524288.0),
            ("process_start_time_seconds", 1_764_469_120.25),
        ],
        ProcessCollector.Samples(Facts).Select(sample => (sample.Family.Name, sample.Value)));

    [Fact]
    public void What_could_not_be_read_has_no_sample_and_the_rest_is_true_all_the_same()
    {
        ProcessFacts facts = Facts with { OpenFiles = Reading.Failed<int>("/proc/self/fdinfo: EMFILE") };

        CollectorException failure = Assert.Throws<CollectorException>(() => ProcessCollector.Samples(facts));

        Assert.Equal("/proc/self/fdinfo: EMFILE", failure.Message);
        Assert.Equal(
            ProcessCollector.Samples(Facts).Where(sample => sample.Family.Name != "process_open_fds"),
            failure.StillTrue);
    }
}
