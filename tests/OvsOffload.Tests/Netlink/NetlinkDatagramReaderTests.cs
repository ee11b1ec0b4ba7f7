using System.Net.Sockets;
using OvsOffload.Netlink;

namespace OvsOffload.Tests.Netlink;

public sealed class NetlinkDatagramReaderTests
{
    [Theory]
    [InlineData(16)]
    [InlineData(64 * 1024)]
    [InlineData(150_000)]
    public async Task A_datagram_of_any_length_is_read_whole(int length)
    {
        // datagrams over a Unix socket are peeked at and cut by the same calls as netlink's
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        using var receiver = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        using var sender = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        try
        {
            receiver.Bind(new UnixDomainSocketEndPoint(path));
            sender.SendBufferSize = 400_000;
            await sender.ConnectAsync(new UnixDomainSocketEndPoint(path), TestContext.Current.CancellationToken);
            byte[] sent = new byte[length];
            Random.Shared.NextBytes(sent);
            await sender.SendAsync(sent, SocketFlags.None, TestContext.Current.CancellationToken);
            await sender.SendAsync(new byte[] { 7 }, SocketFlags.None, TestContext.Current.CancellationToken);
            var reader = new NetlinkDatagramReader(receiver);

            Assert.Equal(sent, (await reader.ReceiveAsync(TestContext.Current.CancellationToken)).ToArray());
            Assert.Equal([7], (await reader.ReceiveAsync(TestContext.Current.CancellationToken)).ToArray());
        }
        finally
        {
            File.Delete(path);
        }
    }
}
