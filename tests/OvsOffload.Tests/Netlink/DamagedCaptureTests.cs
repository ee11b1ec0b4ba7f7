using OvsOffload.Netlink;
using OvsOffload.Tests.Fixtures;

namespace OvsOffload.Tests.Netlink;

/// <summary>Every reader is given real answers, cut at every offset and with every byte changed.</summary>
public sealed class DamagedCaptureTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ip-link-show-vf-mac")]
    [InlineData("ip-bond-show")]
    [InlineData("ip-bond-slave-show")]
    public Task Links(string name) => DamageAsync(
        name, RtnetlinkType.NewLink, channel => new Links(channel).AllAsync(Cancellation));

    [Fact]
    public Task Vfs() => DamageAsync(
        "ip-link-show-vf-mac",
        RtnetlinkType.NewLink,
        channel => new Links(channel).VfsAsync(new LinkReference(4, "eth0"), Cancellation));

    [Fact]
    public Task Statistics() => DamageAsync(
        "ip-stats-link", RtnetlinkType.NewStatistics, channel => new LinkStatistics(channel).ReadAsync(Cancellation));

    [Fact]
    public Task Qdiscs() => DamageAsync(
        "tc-qdisc-show-bond",
        RtnetlinkType.NewQdisc,
        channel => new TrafficControl(channel).IngressQdiscsAsync(Cancellation));

    [Theory]
    [InlineData("tc-filter-show")]
    [InlineData("tc-filter-show-block-terse")]
    public async Task Filters(string name)
    {
        await DamageAsync(name, RtnetlinkType.NewFilter, channel =>
            new TrafficControl(channel).CountFlowerAsync(FilterTarget.Ingress(9), Cancellation));
        await DamageAsync(name, RtnetlinkType.NewFilter, channel => new TrafficControl(channel).ReadFlowerAsync(
            FilterTarget.Ingress(9), () => new List<FlowerFilter>(), (list, filter) => list.Add(filter), Cancellation));
    }

    /// <summary>Damages the longest message of the type.</summary>
    private static async Task DamageAsync(string name, ushort type, Func<INetlinkChannel, Task> read)
    {
        byte[]? message = Capture.Load("6.12", name).Answers(type).MaxBy(answer => answer.Length);

        Assert.NotNull(message);
        Assert.InRange(await DamagedInput.CutAsync(message, read), message.Length - 1, message.Length);
        await DamagedInput.MutateAsync(message, read);
        await CutInsideAsync(message, read);
        await Damage.Of(message, most: 6).CheckAsync(300, damaged => DamagedInput.IsRefusedAsync(damaged, read));
    }

    /// <summary>A message that is shorter and says so: the cut is in its attributes, not in its frame.</summary>
    private static async Task CutInsideAsync(byte[] message, Func<INetlinkChannel, Task> read)
    {
        for (int length = NetlinkMessage.HeaderLength; length < message.Length; length++)
        {
            byte[] shortened = message[..length];
            BitConverter.TryWriteBytes(shortened, length);
            await DamagedInput.IsRefusedAsync(shortened, read);
        }
    }
}
