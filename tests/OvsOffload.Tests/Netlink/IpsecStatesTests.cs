using System.Runtime.CompilerServices;
using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.Os;
using static OvsOffload.Testing.Bytes;

namespace OvsOffload.Tests.Netlink;

public class IpsecStatesTests
{
    private const byte Inbound = 2, Packet = 4; // XFRM_OFFLOAD_INBOUND, XFRM_OFFLOAD_PACKET

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Associations_of_a_NIC_are_read_with_how_much_it_does()
    {
        var kernel = new FakeKernel(_ =>
        [
            IpsecAnswers.Association(), IpsecAnswers.Association(7, Inbound),
            IpsecAnswers.Association(9, Inbound | Packet), Done(),
        ]);

        List<IpsecOffload> found = await new IpsecStates(kernel).OffloadedAsync(Cancellation);

        Assert.Equal([new IpsecOffload(7, false), new IpsecOffload(9, true)], found);
        byte[] request = Assert.Single(kernel.Requests);
        Assert.Equal(16, request.Length); // no structure behind the header: xfrm_dump_sa parses attributes at once
        Assert.Equal(0x12, BitConverter.ToUInt16(request, 4)); // XFRM_MSG_GETSA
    }

    [Fact]
    public async Task A_refusal_is_not_taken_for_no_associations() =>
        await Assert.ThrowsAsync<NetlinkException>(() =>
            new IpsecStates(new FakeKernel(_ => [Error((int)Errno.EPERM)])).OffloadedAsync(Cancellation));

    [Fact]
    public async Task Damaged_answers_are_refused_or_read_and_nothing_else()
    {
        byte[] answer = Datagram(IpsecAnswers.Association(7, Packet), Done());

        int refused = await DamagedInput.CutAsync(
            answer, channel => new IpsecStates(channel).OffloadedAsync(Cancellation));
        await DamagedInput.MutateAsync(answer, channel => new IpsecStates(channel).OffloadedAsync(Cancellation));

        Assert.InRange(refused, answer.Length - 4, answer.Length);
    }

    [Fact]
    public async Task The_kernel_tells_its_own_associations_and_none_of_them_is_offloaded()
    {
        using TestNamespace own = await TestNamespace.CreateAsync();
        Assert.SkipUnless(
            IpsecSource.HasIpsec(await File.ReadAllTextAsync("/proc/net/netlink", Cancellation)),
            "this kernel does not speak NETLINK_XFRM");
        using NetlinkSocket socket = own.Open(NetlinkProtocol.Ipsec);
        await AddAsync(socket, Cancellation);

        var lengths = new List<int>();
        await socket.ExchangeAsync(
            new NetlinkRequest(IpsecStates.List, "", new NetlinkMessageWriter(0x12, NetlinkRequestFlags.Dump)),
            message => lengths.Add(message.Type == IpsecStates.Association ? message.Payload.Length : 0),
            Cancellation);

        Assert.True(Assert.Single(lengths) >= IpsecStates.HeaderLength);
        Assert.Empty(await new IpsecStates(socket).OffloadedAsync(Cancellation));
    }

    /// <summary>
    /// ip xfrm state allocspi dst 192.0.2.2 src 192.0.2.1 proto esp: an association without keys yet, for which the
    /// kernel needs neither esp4 nor a cipher.
    /// </summary>
    private static async Task AddAsync(NetlinkSocket socket, CancellationToken cancellation)
    {
        const ushort allocate = 0x16; // XFRM_MSG_ALLOCSPI
        var association = default(Header);
        Span<byte> header = association;
        new byte[] { 192, 0, 2, 2 }.CopyTo(header[56..]); // id.daddr
        header[76] = 50; // id.proto: IPPROTO_ESP
        new byte[] { 192, 0, 2, 1 }.CopyTo(header[80..]); // saddr
        BitConverter.TryWriteBytes(header[212..], (ushort)2); // family: AF_INET
        NetlinkMessageWriter message = new NetlinkMessageWriter(allocate, NetlinkRequestFlags.Acknowledge)
            .Fixed(association)
            .Fixed(0x1000) // struct xfrm_userspi_info: the smallest number to be chosen, and the largest
            .Fixed(0x2000);
        NetlinkOutcome outcome = await socket.ExchangeAsync(
            new NetlinkRequest("ip xfrm state allocspi", "esp", message), _ => { }, cancellation);
        Assert.Equal(Errno.None, outcome.Errno);
    }

    /// <summary>struct xfrm_usersa_info.</summary>
    [InlineArray(IpsecStates.HeaderLength)]
    private struct Header
    {
        private byte _first;
    }
}
