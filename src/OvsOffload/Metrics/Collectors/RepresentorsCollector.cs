using System.Collections.Immutable;
using System.Globalization;
using OvsOffload.Host;
using OvsOffload.Netlink;

namespace OvsOffload.Metrics;

/// <summary>
/// Collector <c>representors</c>: what each function sends and gets, and which part of it passes through the host's
/// CPU.
/// </summary>
internal static class RepresentorsCollector
{
    private static readonly string[] Labels = ["pf", "function", "controller", "device"];

    private static readonly MetricFamily Info = MetricFamily.Gauge(
        "representor_info", "Properties of the representor, with its bridge and MAC address: always 1",
        [.. Labels, "bridge", "address"]);

    private static readonly TrafficFamilies Total = new(
        "representor", "{0} by the function, in hardware and software", Labels);

    private static readonly TrafficFamilies SlowPath = new(
        "representor_slow_path", "{0} by the function through the slow path (the host's CPU)", Labels);

    /// <summary>Its name and families.</summary>
    public static CollectorDeclaration Declaration { get; } = CollectorDeclaration.Of(
        "representors",
        [Info, .. Total.All, .. SlowPath.All],
        (sources, cancellation) => sources.Probes.RepresentorsAsync(
            sources.Host().State, sources.Database()?.BridgesByInterface() ?? [], cancellation),
        Samples);

    /// <summary>The samples. Representors without a network device in this namespace have none.</summary>
    public static IEnumerable<Sample> Samples(ImmutableArray<RepresentorFacts> representors)
    {
        foreach (RepresentorFacts facts in representors)
        {
            if (facts.Port.Device is not { } device || facts.Counters is not { } counters)
            {
                continue;
            }

            ImmutableArray<string> labels =
            [
                facts.Pf.ToString(),
                facts.Port.Function,
                facts.Port.Controller?.ToString(CultureInfo.InvariantCulture) ?? "",
                device.Name,
            ];
            yield return Info.Of(1, [.. labels, facts.Bridge ?? "", device.Address.ToString()]);
            foreach (Sample sample in Total.Samples(counters.Total, labels))
            {
                yield return sample;
            }

            if (counters.SlowPath is { } slowPath)
            {
                foreach (Sample sample in SlowPath.Samples(slowPath, labels))
                {
                    yield return sample;
                }
            }
        }
    }

    /// <summary>Bytes and packets in both directions.</summary>
    private sealed class TrafficFamilies(string name, string meaning, string[] labels)
    {
        private readonly MetricFamily _receiveBytes = Counter("receive_bytes", "Bytes", "sent", name, meaning, labels);
        private readonly MetricFamily _receivePackets =
            Counter("receive_packets", "Packets", "sent", name, meaning, labels);
        private readonly MetricFamily _transmitBytes =
            Counter("transmit_bytes", "Bytes", "received", name, meaning, labels);
        private readonly MetricFamily _transmitPackets =
            Counter("transmit_packets", "Packets", "received", name, meaning, labels);

        public ImmutableArray<MetricFamily> All =>
            [_receiveBytes, _receivePackets, _transmitBytes, _transmitPackets];

        public IEnumerable<Sample> Samples(LinkTraffic traffic, ImmutableArray<string> labels) =>
        [
            _receiveBytes.Of(traffic.ReceiveBytes, labels),
            _receivePackets.Of(traffic.ReceivePackets, labels),
            _transmitBytes.Of(traffic.TransmitBytes, labels),
            _transmitPackets.Of(traffic.TransmitPackets, labels),
        ];

        private static MetricFamily Counter(
            string what, string unit, string did, string name, string meaning, string[] labels) =>
            MetricFamily.Counter(
                $"{name}_{what}_total",
                $"{unit} {string.Format(CultureInfo.InvariantCulture, meaning, did)}",
                labels);
    }
}
