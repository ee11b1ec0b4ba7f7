using System.Globalization;
using OvsOffload.Netlink;

namespace OvsOffload.Tests.Netlink;

/// <summary>Filters, qdiscs and counters: we read from the kernel's answers what tc and ip printed of them.</summary>
public sealed class CapturedTrafficTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> FilterCaptures
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (string? kernel in new[] { "6.1", "6.12" })
            {
                foreach (string? name in new[]
                {
                    "tc-filter-show-terse",
                    "tc-filter-show-block-terse",
                    "tc-filter-show-not-in-hw-terse",
                    "tc-filter-show",
                    "tc-filter-show-block",
                    "tc-filter-show-not-in-hw",
                    "tc-filter-show-none",
                })
                {
                    data.Add(kernel, name);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(FilterCaptures))]
    public async Task Filters_are_counted_as_tc_prints_them(string kernel, string name)
    {
        var capture = Capture.Load(kernel, name);
        int inHardware = capture.Output.Count(line => IsWord(line, "in_hw"));
        int notInHardware = capture.Output.Count(line => IsWord(line, "not_in_hw"));

        FlowerCounts counts = await new TrafficControl(capture.Kernel())
            .CountFlowerAsync(FilterTarget.Ingress(9), Cancellation);

        Assert.Equal(new FlowerCounts(inHardware, notInHardware, 0), counts);
        Assert.Equal(name != "tc-filter-show-none", inHardware + notInHardware > 0);
    }

    [Theory]
    [MemberData(nameof(FilterCaptures))]
    public async Task A_filter_carries_the_flows_cookie(string kernel, string name)
    {
        var capture = Capture.Load(kernel, name);

        List<FlowerFilter> filters = await new TrafficControl(capture.Kernel()).ReadFlowerAsync(
            FilterTarget.Ingress(9), () => new List<FlowerFilter>(), (list, filter) => list.Add(filter), Cancellation);

        IEnumerable<uint> handles = capture.Output
            .Where(line => line.Contains(" handle 0x", StringComparison.Ordinal))
            .Select(line => line[(line.LastIndexOf("0x", StringComparison.Ordinal) + 2)..].TrimEnd())
            .Select(handle => uint.Parse(handle, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        Assert.Equal(handles, filters.Select(filter => filter.Handle));
        Assert.All(filters, filter => Assert.Contains(
            capture.Output, line => line.Contains($"cookie {filter.Cookie}", StringComparison.Ordinal)));
        Assert.All(filters, filter => Assert.Contains(
            filter.Protocol, new ushort[] { 0x0800, 0x0806, 0x86dd, 0x8809 })); // IPv4, ARP, IPv6, LACP
        Assert.All(filters, filter => Assert.Contains(
            capture.Output,
            line => line.Contains(
                string.Create(CultureInfo.InvariantCulture, $" pref {filter.Priority} flower chain {filter.Chain}"),
                StringComparison.Ordinal)));
        bool isBlock = name.Contains("block", StringComparison.Ordinal);
        Assert.All(filters, filter => Assert.Equal(isBlock, filter.Block is not null));
    }

    [Theory]
    [InlineData("6.1")]
    [InlineData("6.12")]
    public async Task A_full_dump_tells_how_many_eswitches_took_a_filter(string kernel)
    {
        var capture = Capture.Load(kernel, "tc-filter-show");

        List<FlowerFilter> filters = await new TrafficControl(capture.Kernel()).ReadFlowerAsync(
            FilterTarget.Ingress(9), () => new List<FlowerFilter>(), (list, filter) => list.Add(filter), Cancellation);

        Assert.Equal(
            capture.Output.Count(line => line.Contains("in_hw in_hw_count 1", StringComparison.Ordinal)),
            filters.Count(filter => filter.InHardwareCount == 1));
        Assert.NotEmpty(filters);
    }

    [Theory]
    [InlineData("6.1")]
    [InlineData("6.12")]
    public async Task Members_of_a_bond_share_one_target(string kernel)
    {
        var capture = Capture.Load(kernel, "tc-qdisc-show-bond");

        IReadOnlyList<IngressQdisc> qdiscs = await new TrafficControl(capture.Kernel())
            .IngressQdiscsAsync(Cancellation);

        var printed = capture.Output.Where(line => line.Contains("qdisc ingress ", StringComparison.Ordinal)
            || line.Contains("qdisc clsact ", StringComparison.Ordinal)).ToList();
        Assert.Equal(printed.Count, qdiscs.Count);
        var blocks = qdiscs.Where(qdisc => qdisc.IngressBlock is not null).ToList();
        Assert.True(blocks.Count >= 2);
        Assert.Single(FilterTarget.Of(qdiscs), target => target.Block == blocks[0].IngressBlock);
        Assert.Contains(qdiscs, qdisc => qdisc.HasEgress);
    }

    [Theory]
    [InlineData("6.1", "ip-stats-link")]
    [InlineData("6.12", "ip-stats-link")]
    public async Task Totals_are_those_that_ip_prints(string kernel, string name)
    {
        var capture = Capture.Load(kernel, name);

        IReadOnlyDictionary<int, LinkCounters> counters = await new LinkStatistics(capture.Kernel())
            .ReadAsync(Cancellation);

        var heads = capture.Output.Where(line => line.Length > 0 && char.IsAsciiDigit(line[0])).ToList();
        Assert.Equal(heads.Count, counters.Count);
        foreach (string? head in heads)
        {
            int index = int.Parse(head[..head.IndexOf(':', StringComparison.Ordinal)], CultureInfo.InvariantCulture);
            var lines = capture.Output.SkipWhile(line => line != head).ToList();
            LinkTraffic total = counters[index].Total;
            Assert.StartsWith(
                $"{total.ReceiveBytes} {total.ReceivePackets} ", Words(lines[2]), StringComparison.Ordinal);
            Assert.StartsWith(
                $"{total.TransmitBytes} {total.TransmitPackets} ", Words(lines[4]), StringComparison.Ordinal);
            Assert.Null(counters[index].SlowPath);
        }
    }

    private static bool IsWord(string line, string word) => line.Trim().Split(' ').FirstOrDefault() == word;

    private static string Words(string line) =>
        string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
