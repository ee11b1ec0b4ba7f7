using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using OvsOffload.Bench;
using OvsOffload.Intent;
using OvsOffload.Metrics;
using OvsOffload.Os;
using OvsOffload.Service;

// serve PORT: the exporter of a host with 254 VFs. fleet PORT HOSTS: exporters of many hosts, each at /N/metrics.
// scrape URL PID COUNT: scrapes it so often, one after the other; says latencies, CPU and memory of the process.
switch (args)
{
    case ["serve", var port]:
        NativeHeap.Limit();
        using (var host = new LargeHost())
        {
            using var exporter = new Exporter(
                host.Collectors(), _ => true, Complain, new ExporterOptions(), TimeProvider.System);
            await using MetricsServer server = await MetricsServer.StartAsync(
                new ListenAddress(IPAddress.Loopback, int.Parse(port, CultureInfo.InvariantCulture)),
                new MetricsPages(exporter.ScrapeAsync, () => []),
                new WebAccessStore(null, (_, _) => { }, TimeProvider.System),
                CancellationToken.None);
            await Task.Delay(Timeout.Infinite);
        }

        return 0;
    case ["fleet", var port, var hosts]:
        await Fleet.ServeAsync(
            int.Parse(port, CultureInfo.InvariantCulture), int.Parse(hosts, CultureInfo.InvariantCulture));
        return 0;
    case ["scrape", var url, var pid, var count]:
        await ScrapeAsync(
            url, int.Parse(pid, CultureInfo.InvariantCulture), int.Parse(count, CultureInfo.InvariantCulture));
        return 0;
    default:
        Console.Error.WriteLine("usage: serve PORT | fleet PORT HOSTS | scrape URL PID COUNT");
        return 2;
}

static void Complain(string collector, string? failure) =>
    Console.Error.WriteLine($"{collector}: {failure ?? "works"}");

static async Task ScrapeAsync(string url, int pid, int count)
{
    using var client = new HttpClient();
    client.DefaultRequestHeaders.Add("Accept", "application/openmetrics-text;version=1.0.0");
    client.DefaultRequestHeaders.Add("Accept-Encoding", "gzip");
    long bytes = 0;
    for (int i = 0; i < 100; i++)
    {
        bytes = (await client.GetByteArrayAsync(url)).Length;
    }

    double cpu = CpuSeconds(pid);
    ImmutableArray<double>.Builder took = ImmutableArray.CreateBuilder<double>(count);
    var resident = new List<long>();
    for (int i = 0; i < count; i++)
    {
        long start = Stopwatch.GetTimestamp();
        await client.GetByteArrayAsync(url);
        took.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        if (i % Math.Max(count / 8, 1) == 0 || i == count - 1)
        {
            resident.Add(ResidentKiB(pid));
        }
    }

    cpu = CpuSeconds(pid) - cpu;
    took.Sort();
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"""
        scrapes: {count} of {bytes} bytes in gzip
        latency: median {took[count / 2]:0.0} ms, p99 {took[count * 99 / 100]:0.0} ms, most {took[^1]:0.0} ms
        CPU: {1000 * cpu / count:0.00} ms a scrape, which is {100 * cpu / count / 15:0.000} % of a core every 15 s
        RSS: {string.Join(", ", resident.Select(kib => $"{kib / 1024.0:0.0}"))} MiB
        """));
}

// User and system time, proc(5): fields 14 and 15, in ticks of 10 ms.
static double CpuSeconds(int pid)
{
    string[] fields = File.ReadAllText($"/proc/{pid}/stat").Split(' ');
    return (double.Parse(fields[13], CultureInfo.InvariantCulture)
        + double.Parse(fields[14], CultureInfo.InvariantCulture))
        / 100;
}

static long ResidentKiB(int pid) => long.Parse(
    File.ReadLines($"/proc/{pid}/status").Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
    CultureInfo.InvariantCulture);
