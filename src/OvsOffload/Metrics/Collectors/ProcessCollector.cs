using OvsOffload.Host;
using OvsOffload.Os;

namespace OvsOffload.Metrics;

/// <summary>
/// Collector <c>process</c>: what this program itself uses, under the names that Prometheus' own client libraries give
/// it.
/// </summary>
internal static class ProcessCollector
{
    private static readonly MetricFamily Cpu = MetricFamily.CommonCounter(
        "process_cpu_seconds_total", "CPU time of ovs-offload, user and system");

    private static readonly MetricFamily Resident = MetricFamily.CommonGauge(
        "process_resident_memory_bytes", "Resident memory of ovs-offload");

    private static readonly MetricFamily Virtual = MetricFamily.CommonGauge(
        "process_virtual_memory_bytes", "Virtual memory of ovs-offload");

    private static readonly MetricFamily OpenFiles = MetricFamily.CommonGauge(
        "process_open_fds", "Open file descriptors of ovs-offload");

    private static readonly MetricFamily MaxFiles = MetricFamily.CommonGauge(
        "process_max_fds", "Maximum number of open file descriptors of ovs-offload");

    private static readonly MetricFamily Start = MetricFamily.CommonGauge(
        "process_start_time_seconds", "Start time of ovs-offload, in seconds since 1970");

    /// <summary>Its name and families.</summary>
    public static CollectorDeclaration Declaration { get; } = CollectorDeclaration.Of(
        "process", [Cpu, Resident, Virtual, OpenFiles, MaxFiles, Start], sources => sources.Process(), Samples);

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
