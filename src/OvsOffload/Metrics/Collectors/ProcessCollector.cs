using OvsOffload.Os;


namespace OvsOffload.Metrics;

/// <summary>
/// Collector <c>process</c>: what this program itself uses, under the names that Prometheus' own client libraries give
/// it.
/// </summary>
internal static class ProcessCollector
{
    private static readonly MetricFamily Cpu = MetricFamily.CommonCounter(
        "process_cpu_seconds_total", "CPU time that this program used, in user mode and in the kernel");

    private static readonly MetricFamily Resident = MetricFamily.CommonGauge(
        "process_resident_memory_bytes", "Memory of this program that is in RAM");

    private static readonly MetricFamily Virtual = MetricFamily.CommonGauge(
        "process_virtual_memory_bytes", "Address space that this program has mapped, used or not");

    private static readonly MetricFamily OpenFiles = MetricFamily.CommonGauge(
        "process_open_fds", "File descriptors that this program has open, the one that counts them included");

    private static readonly MetricFamily MaxFiles = MetricFamily.CommonGauge(
        "process_max_fds", "The most file descriptors that this program may have open");

    private static readonly MetricFamily Start = MetricFamily.CommonGauge(
        "process_start_time_seconds", "When this program was started, in seconds since 1970");

    /// <summary>Its name and families.</summary>
    public static CollectorDeclaration Declaration { get; } =
        new("process", [Cpu, Resident, Virtual, OpenFiles, MaxFiles, Start]);

    /// <summary>The samples.</summary>
    /// <exception cref="CollectorException">
    /// A file could not be read: what it tells has no sample, what the others tell is true all the same.
    /// </exception>
    public static IEnumerable<Sample> Samples(ProcessFacts facts)
    {
        var samples = new List<Sample>();
        var failures = new List<string>();
        Take(facts.Usage, usage => samples.AddRange(
        [
            Cpu.Of(usage.Cpu.TotalSeconds),
            Resident.Of(usage.ResidentBytes),
            Virtual.Of(usage.VirtualBytes),
        ]));
        Take(facts.OpenFiles, count => samples.Add(OpenFiles.Of(count)));
        Take(facts.MaxFiles, most => samples.Add(MaxFiles.Of(most)));
        Take(facts.Started, at => samples.Add(Start.Of(at.ToUnixTimeMilliseconds() / 1000.0)));
        return failures.Count == 0
            ? samples
            : throw new CollectorException(string.Join("; ", failures.Distinct())) { StillTrue = [.. samples] };

        void Take<T>(Reading<T> reading, Action<T> add)
        {
            if (reading.TryGet(out T? value))
            {
                add(value);
            }
            else
            {
                failures.Add(reading.Why);
            }
        }
    }
}

/// <summary>What is known of this program at the moment of a scrape.</summary>
/// <param name="Usage">What it used and uses.</param>
/// <param name="OpenFiles">File descriptors that are open.</param>
/// <param name="MaxFiles">The soft limit of them, RLIMIT_NOFILE.</param>
/// <param name="Started">When it was started.</param>
internal sealed record ProcessFacts(
    Reading<ProcessUsage> Usage, Reading<int> OpenFiles, Reading<long> MaxFiles, Reading<DateTimeOffset> Started);
