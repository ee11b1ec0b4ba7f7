using System.Collections.Immutable;
using System.Text;
using OvsOffload.Bundles;
using OvsOffload.Netlink;
using OvsOffload.Os;

namespace OvsOffload.Tests.Bundles;

public class RecordedNetlinkTests
{
    private static readonly NetlinkRequest Question =
        new("devlink dev show", "pci/0000:03:00.0", new NetlinkMessageWriter(24, NetlinkRequestFlags.Acknowledge));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_refusal_keeps_the_kernels_words()
    {
        INetlinkChannel channel = await RecordedAsync(new FakeKernel(
            _ => [Bytes.Error((int)Errno.EBUSY, Bytes.Text(1, "E-Switch is busy"))]));

        NetlinkOutcome outcome = await channel.ExchangeAsync(Question, _ => { }, Token);

        Assert.Equal(new NetlinkOutcome(Errno.EBUSY, new ExtendedAck("E-Switch is busy", null, null), false), outcome);
    }

    [Fact]
    public async Task Answers_to_the_same_question_come_in_their_order_and_the_last_one_stays()
    {
        byte next = 0;
        INetlinkChannel channel = await RecordedAsync(new FakeKernel(
            _ => [Bytes.Message(24, 0, [++next]), Bytes.Acknowledgement()]), times: 2);

        Assert.Equal([1], await AskAsync(channel));
        Assert.Equal([2], await AskAsync(channel));
        Assert.Equal([2], await AskAsync(channel));
    }

    [Fact]
    public async Task An_interrupted_dump_is_interrupted_again()
    {
        INetlinkChannel channel = await RecordedAsync(new FakeKernel(_ => [Bytes.Done(flags: 0x12)]));

        Assert.True((await channel.ExchangeAsync(Question, _ => { }, Token)).Interrupted);
    }

    [Fact]
    public async Task A_request_that_was_not_recorded_has_no_answer()
    {
        INetlinkChannel channel = new RecordedNetlink([]).Open(NetlinkProtocol.Generic);

        NotRecordedException failure = await Assert.ThrowsAsync<NotRecordedException>(
            () => channel.ExchangeAsync(Question, _ => { }, Token));

        Assert.Equal(
            "devlink dev show of pci/0000:03:00.0: not in the bundle (ENODATA)", failure.Message);
    }

    [Fact]
    public async Task An_answer_in_another_namespace_is_another_answer()
    {
        var recorder = new Recorder();
        INetlinkChannel live = new RecordingNetlink(new Opener(new FakeKernel(_ => [Bytes.Done()])), recorder)
            .Open(NetlinkProtocol.Generic, "/run/netns/n1");
        await live.ExchangeAsync(Question, _ => { }, Token);
        var recorded = new RecordedNetlink(Built(recorder));

        await recorded.Open(NetlinkProtocol.Generic, "/run/netns/n1").ExchangeAsync(Question, _ => { }, Token);
        await Assert.ThrowsAsync<NotRecordedException>(
            () => recorded.Open(NetlinkProtocol.Generic).ExchangeAsync(Question, _ => { }, Token));
    }

    [Fact]
    public async Task An_aborted_answer_is_aborted_again()
    {
        INetlinkChannel channel = await RecordedAsync(new Lossy());

        await Assert.ThrowsAsync<NetlinkMessagesLostException>(() => channel.ExchangeAsync(Question, _ => { }, Token));
    }

    [Fact]
    public async Task Of_IPsec_neither_keys_nor_peers_are_kept()
    {
        var recorder = new Recorder();
        INetlinkChannel live = new RecordingNetlink(
            new Opener(new FakeKernel(_ => [IpsecAnswers.Association(7, 4), Bytes.Done()])), recorder)
            .Open(NetlinkProtocol.Ipsec);
        await new IpsecStates(live).OffloadedAsync(Token);
        NetlinkRecord kept = Assert.Single(Built(recorder));

        Assert.Equal(-1, kept.Reply.AsSpan().IndexOf(Encoding.ASCII.GetBytes(IpsecAnswers.Key)));
        Assert.Equal(-1, kept.Reply.AsSpan().IndexOf(IpsecAnswers.Peer.GetAddressBytes()));
        Assert.Equal(
            [new IpsecOffload(7, true)],
            await new IpsecStates(new RecordedNetlink([kept]).Open(NetlinkProtocol.Ipsec)).OffloadedAsync(Token));
    }

    [Fact]
    public void Only_the_requested_feature_is_kept()
    {
        byte[] payload = GenericAnswers.Features(index: 7);

        byte[] kept = FeatureAnswer.Filter(payload, Ethtool.TcOffload);

        Assert.Equal(LinkFeature.Read(payload, Ethtool.TcOffload), LinkFeature.Read(kept, Ethtool.TcOffload));
        Assert.InRange(kept.Length, 1, payload.Length / 10);
    }

    private static async Task<INetlinkChannel> RecordedAsync(INetlinkChannel kernel, int times = 1)
    {
        var recorder = new Recorder();
        INetlinkChannel live = new RecordingNetlink(new Opener(kernel), recorder).Open(NetlinkProtocol.Generic);
        for (int i = 0; i < times; i++)
        {
            try
            {
                await live.ExchangeAsync(Question, _ => { }, Token);
            }
            catch (NetlinkException)
            {
                // Taken down all the same.
            }
        }

        return new RecordedNetlink(Built(recorder)).Open(NetlinkProtocol.Generic);
    }

    private static ImmutableArray<NetlinkRecord> Built(Recorder recorder) => recorder.Build(new BundleManifest
    {
        Version = "1",
        Time = default,
        Host = "h",
        Kernel = "6.8",
        Masked = false,
        Configuration = "/c",
        Process = 1,
    }).Netlink;

    private static async Task<byte[]> AskAsync(INetlinkChannel channel)
    {
        byte[] payload = [];
        await channel.ExchangeAsync(Question, message => payload = message.Payload.ToArray(), Token);
        return payload;
    }

    private sealed class Opener(INetlinkChannel channel) : INetlinkOpener
    {
        public INetlinkChannel Open(NetlinkProtocol protocol, string? networkNamespace = null) => channel;
    }

    private sealed class Lossy : INetlinkChannel
    {
        public Task<NetlinkOutcome> ExchangeAsync(
            NetlinkRequest request, NetlinkMessageHandler onMessage, CancellationToken cancellationToken) =>
            throw new NetlinkMessagesLostException(request);
    }
}
