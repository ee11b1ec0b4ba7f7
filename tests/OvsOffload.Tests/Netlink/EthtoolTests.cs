using OvsOffload.Netlink;

namespace OvsOffload.Tests.Netlink;

public sealed class EthtoolTests
{
    private static readonly LinkReference Link = new(4, "eth0");

    private static readonly byte[] Family = Bytes.Datagram(
        Bytes.Message(
            16, 0, Bytes.FromHex("01020000"), Bytes.Text(2, "ethtool"), Bytes.Attribute(1, Bytes.UInt16(22))),
        Bytes.Acknowledgement());

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("hw-tc-offload", true, true, false)]
    [InlineData("tx-nocache-copy", false, false, false)]
    [InlineData("rx-vlan-filter", true, false, true)]
    [InlineData("rx-all", true, false, true)]
    [InlineData("no-such-feature", false, false, true)]
    public async Task A_feature_is_active_wanted_and_fixed_by_the_sets_that_name_it(
        string name, bool isActive, bool isWanted, bool isFixed)
    {
        var kernel = FakeKernel.WithAnswers(Family, Bytes.Datagram(Features(4), Bytes.Acknowledgement()));

        LinkFeature? feature = await new Ethtool(kernel).FeatureAsync(Link, name, Cancellation);

        Assert.Equal(new LinkFeature(isActive, isWanted, isFixed), feature);
        Assert.Equal(
            Bytes.FromHex("20000000 16000500 00000000 00000000 0b010000 0c000180 08000100 04000000"),
            kernel.Requests[1]);
    }

    [Fact]
    public async Task One_dump_tells_a_feature_of_all_links()
    {
        var kernel = FakeKernel.WithAnswers(Family, Bytes.Datagram(Features(4), Features(9), Bytes.Done()));

        IReadOnlyDictionary<int, LinkFeature> features = await new Ethtool(kernel)
            .FeatureOfAllAsync(Ethtool.TcOffload, Cancellation);

        Assert.Equal([4, 9], features.Keys);
        Assert.All(features.Values, feature => Assert.True(feature.IsActive));

        // An empty header nest ends it: Linux 6.1 refuses a dump without.
        Assert.Equal(
            Bytes.FromHex("18000000 16000103 00000000 00000000 0b010000 04000180"), kernel.Requests[1]);
    }

    [Fact]
    public async Task A_link_that_is_gone_has_no_features()
    {
        var kernel = FakeKernel.WithAnswers(Family, Bytes.Error(19));

        Assert.Null(await new Ethtool(kernel).FeatureAsync(Link, Ethtool.TcOffload, Cancellation));
    }

    [Fact]
    public async Task A_change_that_was_not_made_is_a_refusal_although_it_was_acknowledged()
    {
        var kernel = FakeKernel.WithAnswers(Family, Bytes.Datagram(SetReply("hw-tc-offload"), Bytes.Acknowledgement()));

        LinkFeatureRefusedException exception = await Assert.ThrowsAsync<LinkFeatureRefusedException>(
            () => new Ethtool(kernel).SetFeatureAsync(Link, Ethtool.TcOffload, true, Cancellation));

        Assert.StartsWith(
            "ethtool --features hw-tc-offload on of link eth0: ", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_that_took_effect_is_no_refusal()
    {
        var kernel = FakeKernel.WithAnswers(Family, Bytes.Datagram(SetReply(), Bytes.Acknowledgement()));

        await new Ethtool(kernel).SetFeatureAsync(Link, Ethtool.TcOffload, true, Cancellation);
    }

    [Fact]
    public async Task A_kernel_without_ethtool_netlink_is_told()
    {
        var kernel = FakeKernel.WithAnswers(Bytes.Error(2));

        NetlinkException exception = await Assert.ThrowsAsync<NetlinkException>(
            () => new Ethtool(kernel).FeatureOfAllAsync(Ethtool.TcOffload, Cancellation));

        Assert.Contains("CONFIG_ETHTOOL_NETLINK", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_damaged_answer_is_refused_or_read()
    {
        byte[] answer = Features(4);
        Task ReadAsync(INetlinkChannel kernel)
        {
            bool isFirst = true;
            return new Ethtool(new FakeKernel(request =>
            {
                IEnumerable<byte[]> datagrams = isFirst ? [Family] : Datagrams(kernel, request);
                isFirst = false;
                return datagrams;
            })).FeatureAsync(Link, Ethtool.TcOffload, Cancellation);
        }

        static IEnumerable<byte[]> Datagrams(INetlinkChannel kernel, byte[] request) =>
            ((FakeKernel)kernel).Answer(request);

        Assert.True(await DamagedInput.CutAsync(answer, ReadAsync) > answer.Length / 2);
        await DamagedInput.MutateAsync(answer, ReadAsync);
    }

    private static byte[] Features(int index) => Bytes.Message(
        22,
        2,
        Bytes.FromHex("0b010000"),
        Bytes.Nest(0x8001, Bytes.Attribute(1, Bytes.Int32(index)), Bytes.Text(2, $"eth{index}")),
        MaskedSet(0x8002, ["tx-nocache-copy", "hw-tc-offload", "rx-all"], ["rx-vlan-filter"]),
        Set(0x8003, "hw-tc-offload"),
        Set(0x8004, "hw-tc-offload", "rx-vlan-filter", "rx-all"),
        Set(0x8005, "rx-all"));

    private static byte[] SetReply(params string[] refused) => Bytes.Message(
        22,
        0,
        Bytes.FromHex("0c010000"),
        Bytes.Nest(0x8001, Bytes.Attribute(1, Bytes.Int32(4))),
        MaskedSet(0x8003, [], refused),
        MaskedSet(0x8004, [], []));

    /// <summary>
    /// A set with a mask, as the kernel gives for the features that can be changed: it lists all of them.
    /// </summary>
    private static byte[] MaskedSet(ushort type, string[] ones, string[] zeros) => Bytes.Nest(
        type,
        Bytes.Attribute(2, Bytes.Int32(64)),
        Bytes.Nest(0x8003, [
            .. ones.Select(name => Bytes.Nest(0x8001, Bytes.Text(2, name), Bytes.Attribute(3))),
            .. zeros.Select(name => Bytes.Nest(0x8001, Bytes.Text(2, name)))]));

    private static byte[] Set(ushort type, params string[] names) => Bytes.Nest(
        type,
        Bytes.Attribute(1),
        Bytes.Attribute(2, Bytes.Int32(64)),
        Bytes.Nest(0x8003, [.. names.Select((name, i) =>
            Bytes.Nest(0x8001, Bytes.Attribute(1, Bytes.Int32(i)), Bytes.Text(2, name)))]));
}
