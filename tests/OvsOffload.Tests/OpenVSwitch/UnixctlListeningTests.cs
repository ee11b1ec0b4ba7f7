using System.Net.Sockets;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Tests.OpenVSwitch;

public sealed class UnixctlListeningTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("ovs-offload-listening-");
    private readonly List<Socket> _sockets = [];

    private string SocketPath => Path.Combine(_directory.FullName, "ovs-vswitchd.7.ctl");

    [Fact]
    public async Task A_daemon_too_busy_to_take_connections_listens_all_the_same()
    {
        Socket listener = New();
        listener.Bind(new UnixDomainSocketEndPoint(SocketPath));
        listener.Listen(1);
        SocketException? full = null;
        for (int attempt = 0; attempt < 100 && full is null; attempt++)
        {
            full = await FillAsync();
        }

        Assert.Equal(SocketError.WouldBlock, full?.SocketErrorCode);
        Assert.Equal(SocketPath, await Client().ListeningAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_socket_that_nobody_listens_on_is_a_daemon_that_is_gone()
    {
        Socket listener = New();
        listener.Bind(new UnixDomainSocketEndPoint(SocketPath));
        listener.Listen(1);
        Assert.Equal(SocketPath, await Client().ListeningAsync(TestContext.Current.CancellationToken));
        listener.Dispose();
        Assert.Null(await Client().ListeningAsync(TestContext.Current.CancellationToken));
    }

    public void Dispose()
    {
        _sockets.ForEach(socket => socket.Dispose());
        _directory.Delete(recursive: true);
    }

    private UnixctlClient Client() => new(new UnixctlOptions { SocketPath = SocketPath }, TimeProvider.System);

    private Socket New()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        _sockets.Add(socket);
        return socket;
    }

    private async Task<SocketException?> FillAsync()
    {
        try
        {
            await New().ConnectAsync(new UnixDomainSocketEndPoint(SocketPath), TestContext.Current.CancellationToken);
            return null;
        }
        catch (SocketException refused)
        {
            return refused;
        }
    }
}
