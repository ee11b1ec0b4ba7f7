using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Netlink;

namespace OvsOffload.Top;

/// <summary>The counters of all representors at one time.</summary>
/// <param name="Host">The host's name.</param>
/// <param name="ReadAt">When.</param>
/// <param name="Timestamp">The same by a clock that never jumps.</param>
/// <param name="Representors">The representors.</param>
internal sealed record TopSample(
    string Host, DateTimeOffset ReadAt, TimeSpan Timestamp, ImmutableArray<RepresentorFacts> Representors);

/// <summary>Traffic of a function per second.</summary>
/// <param name="FromBytes">Bytes that it sent: what its representor receives.</param>
/// <param name="FromPackets">Packets that it sent.</param>
/// <param name="ToBytes">Bytes that it got.</param>
/// <param name="ToPackets">Packets that it got.</param>
internal readonly record struct TrafficRate(double FromBytes, double FromPackets, double ToBytes, double ToPackets);

/// <summary>A representor between two samples.</summary>
/// <param name="Pf">The PF's PCI address.</param>
/// <param name="Function"><c>vf3</c>, <c>sf88</c>; with the controller where it belongs to another host.</param>
/// <param name="Device">The representor's name.</param>
/// <param name="Bridge">The bridge that it is a port of; null for none.</param>
/// <param name="Total">All its traffic; null where it was not in both samples, or its counters began anew.</param>
/// <param name="Software">
/// The part that passed through the host's CPU; null likewise, and where the driver does not tell.
/// </param>
internal sealed record TopRow(
    string Pf, string Function, string Device, string? Bridge, TrafficRate? Total, TrafficRate? Software)
{
    /// <summary>
    /// What the NIC carried alone. The kernel reads the two counters one after the other, so that the difference may
    /// come out a little below nothing; it is cut there.
    /// </summary>
    public TrafficRate? Hardware => (Total, Software) is ({ } total, { } software)
        ? new TrafficRate(
            Math.Max(0, total.FromBytes - software.FromBytes),
            Math.Max(0, total.FromPackets - software.FromPackets),
            Math.Max(0, total.ToBytes - software.ToBytes),
            Math.Max(0, total.ToPackets - software.ToPackets))
        : null;

    /// <summary>The share of bytes that the NIC carried alone, 0 to 1; null without traffic.</summary>
    public double? Share => (Hardware, Total) is ({ } hardware, { } total) && total.FromBytes + total.ToBytes > 0
        ? Math.Min(1, (hardware.FromBytes + hardware.ToBytes) / (total.FromBytes + total.ToBytes))
        : null;
}

/// <summary>Makes rates of two samples. Pure.</summary>
internal static class TopRates
{
    /// <summary>The representors of the later sample with what went through them since the earlier one.</summary>
    public static ImmutableArray<TopRow> Between(TopSample before, TopSample after)
    {
        double seconds = (after.Timestamp - before.Timestamp).TotalSeconds;
        var known = new Dictionary<(string Pf, string Function, int Device), LinkCounters>();
        foreach (RepresentorFacts one in before.Representors)
        {
            if (one.Counters is { } counters)
            {
                known[KeyOf(one)] = counters;
            }
        }

        ImmutableArray<TopRow>.Builder rows = ImmutableArray.CreateBuilder<TopRow>(after.Representors.Length);
        foreach (RepresentorFacts one in after.Representors)
        {
            bool both = known.TryGetValue(KeyOf(one), out LinkCounters old) && seconds > 0;
            rows.Add(new TopRow(
                one.Pf.ToString(),
                one.Port.Controller is { } controller ? $"c{controller} {one.Port.Function}" : one.Port.Function,
                one.Port.Device?.Name ?? "",
                one.Bridge,
                both && one.Counters is { } now ? Rate(old.Total, now.Total, seconds) : null,
                both && one.Counters is { SlowPath: { } slow } && old.SlowPath is { } oldSlow
                    ? Rate(oldSlow, slow, seconds)
                    : null));
        }

        return rows.MoveToImmutable();
    }

    private static (string Pf, string Function, int Device) KeyOf(RepresentorFacts one) =>
        (one.Pf.ToString(), $"{one.Port.Controller} {one.Port.Function}", one.Port.Device?.Index ?? 0);

    private static TrafficRate? Rate(LinkTraffic old, LinkTraffic now, double seconds)
    {
        bool goesOn = now.ReceiveBytes >= old.ReceiveBytes && now.ReceivePackets >= old.ReceivePackets
            && now.TransmitBytes >= old.TransmitBytes && now.TransmitPackets >= old.TransmitPackets;
        return goesOn
            ? new TrafficRate(
                (now.ReceiveBytes - old.ReceiveBytes) / seconds,
                (now.ReceivePackets - old.ReceivePackets) / seconds,
                (now.TransmitBytes - old.TransmitBytes) / seconds,
                (now.TransmitPackets - old.TransmitPackets) / seconds)
            : null;
    }
}
