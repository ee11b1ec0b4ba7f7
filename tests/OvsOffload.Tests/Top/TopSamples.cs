using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.Sysfs;
using OvsOffload.Top;

namespace OvsOffload.Tests.Top;

/// <summary>Samples of representors, made by hand.</summary>
internal static class TopSamples
{
    public static readonly DateTimeOffset Time = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A sample at a second.</summary>
    public static TopSample At(double second, params RepresentorFacts[] representors) =>
        new("hv1", Time + TimeSpan.FromSeconds(second), TimeSpan.FromSeconds(second), [.. representors]);

    /// <summary>A VF's representor with its bytes received, in all and in software; a packet has 100 bytes.</summary>
    public static RepresentorFacts Vf(int vf, ulong total, ulong? software, int index = 0, string? bridge = "br1") =>
        new(
        PciAddress.Parse("0000:3b:00.0"),
        new FunctionPort($"vf{vf}", vf, null, 0, (uint)vf, new Link
        {
            Index = index == 0 ? 10 + vf : index,
            Name = $"enp59s0f0npf0vf{vf}",
        }),
        bridge,
        new LinkCounters(Traffic(total), software is { } slow ? Traffic(slow) : null));

    /// <summary>A row with rates of bytes from the function.</summary>
    public static TopRow Row(string function, double? total, double? software, string device = "eth0") => new(
        "0000:3b:00.0", function, device, "br1", Rate(total), Rate(software));

    private static TrafficRate? Rate(double? bytes) =>
        bytes is { } known ? new TrafficRate(known, known / 100, 0, 0) : null;

    private static LinkTraffic Traffic(ulong bytes) => new(bytes / 100, 0, bytes, 0, 0, 0, 0, 0);
}
