using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using OvsOffload.Flows;
using OvsOffload.Host;
using OvsOffload.Metrics;
using OvsOffload.Netlink;
using OvsOffload.Planning;
using OvsOffload.Service;
using OvsOffload.Sysfs;
using ExpositionFormat = Prometheus.ExpositionFormat;

namespace OvsOffload.Bench;

/// <summary>
/// Exporters of many hosts with 32 VFs each in one process. What they show is made up and changes with the time; that
/// it is in the form of the real one is the collectors' own doing.
/// </summary>
internal static class Fleet
{
    private const int Vfs = 32;

    private static readonly DateTimeOffset Start = DateTimeOffset.UtcNow;

    /// <summary>Serves them for ever: <c>/0/metrics</c> and so on.</summary>
    public static async Task ServeAsync(int port, int hosts)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options => options.Listen(IPAddress.Loopback, port));
        WebApplication application = builder.Build();
        MetricsRegistry[] registries =
            [.. Enumerable.Range(0, hosts).Select(_ => new MetricsRegistry(CollectorNames.Families))];
        application.Run(async context =>
        {
            string[] parts = context.Request.Path.Value!.Split('/');
            if (parts is not ["", var number, "metrics"] || !int.TryParse(number, out int host) || host >= hosts)
            {
                context.Response.StatusCode = (int)HttpStatusCode.NotFound;
                return;
            }

            const ExpositionFormat format = ExpositionFormat.PrometheusText;
            context.Response.ContentType = AcceptedFormat.ContentType(format);
            await registries[host].ExportAsync(
                Samples(host, (DateTimeOffset.UtcNow - Start).TotalSeconds), context.Response.BodyWriter, format,
                context.RequestAborted);
        });
        await application.RunAsync();
    }

    private static Sample[] Samples(int host, double seconds)
    {
        string[] devices = [.. Enumerable.Range(0, Vfs).Select(vf => $"eth0_{vf}")];

        // Every tenth host is a bad one.
        bool bad = host % 10 == 0;
        return
        [
            .. BuildCollector.Samples(new BuildFacts("0.1.0", host % 3 == 0 ? "a" : "b")),
            .. RepresentorsCollector.Samples(
                [.. devices.Select((device, vf) => Representor(device, vf, seconds, bad))]),
            .. FlowsCollector.Samples(Flows(devices, host, bad)),
            .. OpenVSwitchCollector.Samples(
                new SwitchFacts(new DatabaseFacts("3.5.0", "8.8.0", true), true, !bad, false)),
            .. TrafficControlCollector.Samples(new TrafficControlFacts(new FlowerCounts(900, 3, 0), 898)),
            .. ReconcileCollector.Samples(new ReconcileFacts(Plan(bad), null, true)),
        ];
    }

    /// <summary>A host whose VFs are held, so that its plan is refused, or one that is as it should be.</summary>
    private static Plan Plan(bool bad) => new(
        [], bad ? [new Objection(ObjectionKind.Refused, "0000:3b:00.0", "VFs are held", Position: null)] : [], []);

    private static RepresentorFacts Representor(string device, int vf, double seconds, bool bad)
    {
        ulong bytes = (ulong)(seconds * (vf + 1) * 1_000_000);
        ulong cpu = bad ? bytes / 2 : bytes / 100;
        return new RepresentorFacts(
            PciAddress.Parse("0000:3b:00.0"),
            new FunctionPort($"vf{vf}", vf, null, 0, (uint)vf, new Link
            {
                Index = vf + 1,
                Name = device,
                Address = HardwareAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"02:00:00:00:00:{vf:x2}")),
            }),
            "br1",
            new LinkCounters(
                new LinkTraffic(bytes / 1000, bytes / 1000, bytes, bytes, 0, 0, 0, 0),
                new LinkTraffic(cpu / 1000, cpu / 1000, cpu, cpu, 0, 0, 0, 0)));
    }

    private static Metrics.FlowFacts Flows(string[] devices, int host, bool bad)
    {
        var each = new FlowCounts(bad ? 3 : 28 + host % 5, 0, bad ? 25 : 1, 1, 0);
        return new Metrics.FlowFacts(
            null,
            [
                new DatapathFacts(
                    "system@ovs-system", 200_000, 950,
                    new FlowTally
                    {
                        Flows = new FlowCounts(each.Offloaded * Vfs, 0, each.TcNotInHardware * Vfs, Vfs, 0),
                        Ports = devices.ToDictionary(device => device, _ => each),
                        Layers = new Dictionary<string, long>(),
                        Malformed = 0,
                        Other = 0,
                        BeyondLimit = 0,
                        Truncated = false,
                    },
                    new DumpFact(DateTimeOffset.UtcNow, TimeSpan.FromMilliseconds(20)),
                    ImmutableDictionary<DumpSkip, long>.Empty)
                {
                    Lookups = new DatapathLookups(1000, 10, 0),
                },
            ],
            devices.ToHashSet());
    }
}
