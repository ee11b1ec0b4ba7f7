using OvsOffload.Netlink;
using OvsOffload.Os;

namespace OvsOffload.Tests.Netlink;

public sealed class NetlinkExchangeTests
{
    private const ushort Data = 16;

    private static readonly NetlinkRequest Request = new("do something", "link x", new byte[16]);

    [Fact]
    public void A_dump_ends_with_its_last_message()
    {
        var seen = new List<int>();
        var exchange = new NetlinkExchange(7, message => seen.Add(message.Payload[0]));

        Assert.Null(exchange.Accept(Numbered(7, 1, 2)));
        Assert.Null(exchange.Accept(Numbered(7, 3)));
        Assert.Equal(NetlinkOutcome.Success, exchange.Accept(Bytes.WithSequence(Bytes.Done(), 7)));
        Assert.Equal([1, 2, 3], seen);
    }

    [Fact]
    public void A_message_with_another_sequence_number_is_never_taken_for_an_answer()
    {
        var seen = new List<int>();
        var exchange = new NetlinkExchange(7, message => seen.Add(message.Payload[0]));

        NetlinkOutcome? outcome = exchange.Accept([
            .. Numbered(6, 1),
            .. Bytes.WithSequence(Bytes.Error(16), 6),
            .. Numbered(7, 2),
            .. Bytes.WithSequence(Bytes.Done(), 0),
            .. Numbered(7, 3),
            .. Bytes.WithSequence(Bytes.Acknowledgement(), 7),
        ]);

        Assert.Equal(NetlinkOutcome.Success, outcome);
        Assert.Equal([2, 3], seen);
    }

    [Fact]
    public void A_long_dump_over_many_datagrams_is_read_whole()
    {
        int count = 0;
        var exchange = new NetlinkExchange(7, _ => count++);
        for (int i = 0; i < 1000; i++)
        {
            Assert.Null(exchange.Accept(Numbered(7, [.. Enumerable.Range(0, 100).Select(n => (byte)n)])));
        }

        Assert.NotNull(exchange.Accept(Bytes.WithSequence(Bytes.Done(), 7)));
        Assert.Equal(100_000, count);
    }

    [Fact]
    public async Task A_refusal_carries_the_kernels_words()
    {
        var kernel = FakeKernel.WithAnswers(Bytes.Error(
            16, Bytes.Text(1, "mlx5_core: Can't change mode, E-Switch is busy"), Bytes.Attribute(2, Bytes.Int32(52))));

        NetlinkException exception = await Assert.ThrowsAsync<NetlinkException>(
            () => kernel.ChangeAsync(Request, TestContext.Current.CancellationToken));

        Assert.Equal(Errno.EBUSY, exception.Errno);
        Assert.Equal(52u, exception.ExtendedAck?.Offset);
        Assert.Equal(
            "do something of link x: mlx5_core: Can't change mode, E-Switch is busy (EBUSY)", exception.Message);
    }

    [Fact]
    public async Task A_refusal_without_words_is_explained()
    {
        var kernel = FakeKernel.WithAnswers(Bytes.Error(95));

        NetlinkException exception = await Assert.ThrowsAsync<NetlinkException>(
            () => kernel.ChangeAsync(Request, TestContext.Current.CancellationToken));

        Assert.Equal(
            "do something of link x: not supported by this device, driver or kernel (EOPNOTSUPP)", exception.Message);
    }

    [Fact]
    public async Task An_error_number_without_a_name_is_shown_as_a_number()
    {
        var kernel = FakeKernel.WithAnswers(Bytes.Error(999));

        NetlinkException exception = await Assert.ThrowsAsync<NetlinkException>(
            () => kernel.ChangeAsync(Request, TestContext.Current.CancellationToken));

        Assert.Equal("do something of link x: errno 999", exception.Message);
    }

    [Fact]
    public async Task Words_on_success_are_a_warning()
    {
        var kernel = FakeKernel.WithAnswers(
            Bytes.Acknowledgement(Bytes.Text(1, "Changed eswitch mode to switchdev")));

        Assert.Equal(
            "Changed eswitch mode to switchdev",
            await kernel.ChangeAsync(Request, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_refusal_that_quotes_the_whole_request_is_read_behind_the_quote()
    {
        // without NLM_F_CAPPED the request follows, here 20 bytes of it
        byte[] quote = [.. Bytes.Int32(20), .. new byte[16]];
        var kernel = FakeKernel.WithAnswers(
            Bytes.Message(2, 0x200, Bytes.Int32(-22), quote, Bytes.Text(1, "invalid option value")));

        NetlinkException exception = await Assert.ThrowsAsync<NetlinkException>(
            () => kernel.ChangeAsync(Request, TestContext.Current.CancellationToken));

        Assert.Equal("invalid option value", exception.ExtendedAck?.Message);
    }

    [Fact]
    public async Task An_error_at_the_end_of_a_dump_is_no_short_dump()
    {
        var kernel = FakeKernel.WithAnswers(Bytes.Datagram(
            Bytes.Message(Data, 2, [1]),
            Bytes.Message(3, 0x202, Bytes.Int32(-90), Bytes.Text(1, "Buffer too small for object."))));

        NetlinkTooBigException exception = await Assert.ThrowsAsync<NetlinkTooBigException>(
            () => kernel.DumpListAsync(Request, message => "x", TestContext.Current.CancellationToken));

        Assert.Equal("do something of link x: Buffer too small for object. (EMSGSIZE)", exception.Message);
    }

    [Fact]
    public async Task An_interrupted_dump_is_begun_anew()
    {
        var kernel = FakeKernel.WithAnswers(
            Bytes.Datagram(Bytes.Message(Data, 2, [1]), Bytes.Message(Data, 0x12, [2]), Bytes.Done()),
            Bytes.Datagram(Bytes.Message(Data, 2, [1]), Bytes.Done(0x12)),
            Bytes.Datagram(Bytes.Message(Data, 2, [1]), Bytes.Message(Data, 2, [3]), Bytes.Done()));

        IReadOnlyList<byte> seen = await kernel.DumpListAsync(
            Request, message => message.Payload[0], TestContext.Current.CancellationToken);

        Assert.Equal([1, 3], seen);
        Assert.Equal(3, kernel.Requests.Count);
    }

    [Fact]
    public async Task A_dump_that_is_always_interrupted_is_given_up()
    {
        var kernel = new FakeKernel(_ => [Bytes.Done(0x12)]);

        await Assert.ThrowsAsync<NetlinkDumpInterruptedException>(
            () => kernel.DumpListAsync(Request, message => "x", TestContext.Current.CancellationToken));

        Assert.Equal(NetlinkChannelExtensions.DumpAttempts, kernel.Requests.Count);
    }

    [Fact]
    public async Task Lost_messages_are_a_failure()
    {
        var kernel = FakeKernel.WithAnswers(Bytes.Message(4, 0));

        NetlinkException exception = await Assert.ThrowsAsync<NetlinkException>(
            () => kernel.ChangeAsync(Request, TestContext.Current.CancellationToken));

        Assert.Equal(Errno.ENOBUFS, exception.Errno);
    }

    [Fact]
    public async Task An_answer_without_an_object_is_malformed()
    {
        var kernel = FakeKernel.WithAnswers(Bytes.Acknowledgement());

        NetlinkMalformedException exception = await Assert.ThrowsAsync<NetlinkMalformedException>(
            () => kernel.GetAsync(Request, message => "x", TestContext.Current.CancellationToken));

        Assert.Equal("do something of link x: malformed answer: it holds no object (EBADMSG)", exception.Message);
    }

    [Fact]
    public async Task An_acknowledgement_that_is_cut_or_changed_is_refused_or_read()
    {
        byte[] answer = Bytes.Error(16, Bytes.Text(1, "some words"), Bytes.Attribute(2, Bytes.Int32(52)));
        Task ReadAsync(INetlinkChannel channel) =>
            channel.ChangeAsync(Request, TestContext.Current.CancellationToken);

        // the empty answer is followed by the end that the harness adds
        Assert.Equal(answer.Length - 1, await DamagedInput.CutAsync(answer, ReadAsync));
        await DamagedInput.MutateAsync(answer, ReadAsync);
    }

    private static byte[] Numbered(uint sequence, params byte[] payloads) =>
        Bytes.WithSequence(Bytes.Datagram([.. payloads.Select(n => Bytes.Message(Data, 2, [n]))]), sequence);
}
