using System.Net;
using OvsOffload.Netlink;

namespace OvsOffload.Tests.Netlink;

public sealed class RouteTests
{
    private const ushort NewRoute = 24;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_default_routes_of_the_family_that_was_asked_for_are_kept()
    {
        var kernel = FakeKernel.WithAnswers(
            Bytes.Datagram(Default(2), Specific(), Default(10), Bytes.Done()),
            Bytes.Datagram(Default(2), Bytes.Done()));

        Route route = Assert.Single(await new Routes(kernel).DefaultRoutesAsync(Cancellation));

        Assert.Equal((254u, 100u, false), (route.Table, route.Priority, route.IsIPv6));
        Assert.Equal([new RouteHop(4, IPAddress.Parse("192.0.2.1"))], route.Hops);
    }

    [Fact]
    public async Task A_multipath_route_has_several_hops_and_a_gateway_may_be_of_the_other_family()
    {
        byte[] first = [16, 0, 0, 0, .. Bytes.Int32(4), .. Bytes.Attribute(5, 192, 0, 2, 1)];
        byte[] via = Bytes.Attribute(18, [10, 0, .. IPAddress.Parse("fe80::1").GetAddressBytes()]);
        byte[] second = [32, 0, 0, 0, .. Bytes.Int32(5), .. via];
        var kernel = FakeKernel.WithAnswers(
            Bytes.Datagram(
                Bytes.Message(NewRoute, 2, [2, 0, 0, 0, 254, 3, 0, 1, 0, 0, 0, 0], Bytes.Nest(9, first, second)),
                Bytes.Done()),
            Bytes.Done());

        Route route = Assert.Single(await new Routes(kernel).DefaultRoutesAsync(Cancellation));

        Assert.Equal(
            [new RouteHop(4, IPAddress.Parse("192.0.2.1")), new RouteHop(5, IPAddress.Parse("fe80::1"))], route.Hops);
    }

    [Fact]
    public async Task An_address_is_looked_up_by_its_whole_length()
    {
        var kernel = FakeKernel.WithAnswers(Bytes.Datagram(Specific(), Bytes.Acknowledgement()));

        Route? route = await new Routes(kernel).LookUpAsync(IPAddress.Parse("10.1.2.3"), Cancellation);

        Assert.Equal(4, route?.Hops[0].LinkIndex);
        Assert.Equal(
            Bytes.FromHex("24000000 1a000500 00000000 00000000 02200000 00000000 00100000 08000100 0a010203"),
            kernel.Requests[0]);
    }

    [Fact]
    public async Task Every_damaged_answer_is_refused_or_read()
    {
        byte[] hop = [16, 0, 0, 0, .. Bytes.Int32(4), .. Bytes.Attribute(5, 192, 0, 2, 1)];
        byte[] answer = Bytes.Message(NewRoute, 2, [2, 0, 0, 0, 254, 3, 0, 1, 0, 0, 0, 0], Bytes.Nest(9, hop, hop));
        Task ReadAsync(INetlinkChannel channel) => new Routes(channel).DefaultRoutesAsync(Cancellation);

        Assert.Equal(answer.Length - 1, await DamagedInput.CutAsync(answer, ReadAsync));
        await DamagedInput.MutateAsync(answer, ReadAsync);
    }

    private static byte[] Default(byte family) => Bytes.Message(
        NewRoute,
        2,
        [family, 0, 0, 0, 254, 3, 0, 1, 0, 0, 0, 0],
        Bytes.Attribute(15, Bytes.Int32(254)),
        Bytes.Attribute(6, Bytes.Int32(100)),
        Bytes.Attribute(5, 192, 0, 2, 1),
        Bytes.Attribute(4, Bytes.Int32(4)));

    private static byte[] Specific() => Bytes.Message(
        NewRoute,
        2,
        [2, 8, 0, 0, 254, 3, 0, 1, 0, 0, 0, 0],
        Bytes.Attribute(1, 10, 0, 0, 0),
        Bytes.Attribute(4, Bytes.Int32(4)));
}
