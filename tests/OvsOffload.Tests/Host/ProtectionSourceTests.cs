using OvsOffload.Host;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Tests.Host;

/// <summary>A whole host that is reached over a bridge of Open vSwitch.</summary>
public sealed class ProtectionSourceTests : IDisposable
{
    private readonly FixtureHost _host = new(ConnectX6DxHost.Describe());

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_PF_under_the_bridge_that_carries_the_default_route_is_protected_while_ovsdb_server_is_down(
        bool hasSocket)
    {
        HostState state = await ReadAsync(hasSocket);

        Assert.Equal((!hasSocket, false), (state.OpenVSwitch.Database.IsAbsent, state.OpenVSwitch.Database.IsKnown));
        Assert.Contains(
            state.Protected.Value,
            device => device.Device == state.KnownFunctions[0].Uplink!.Name
                && device.Why.StartsWith("carries the default route", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_kernel_s_answer_equals_that_of_the_database()
    {
        HostState with = await _host.Reader.ReadAsync(TestContext.Current.CancellationToken);

        Assert.Equal(
            with.Protected.Value.Where(device => device.Device == with.KnownFunctions[0].Uplink!.Name),
            (await ReadAsync(hasSocket: true)).Protected.Value
                .Where(device => device.Device == with.KnownFunctions[0].Uplink!.Name));
    }

    /// <summary>Reads it with a database that has a socket and nobody behind it, or none.</summary>
    private Task<HostState> ReadAsync(bool hasSocket)
    {
        const string socket = "/run/openvswitch/db.sock";
        if (hasSocket)
        {
            _host.Tree.File(socket, "");
        }

        var database = new OvsdbOptions { SocketPath = _host.Tree.At(socket) };
        return new HostReader(_host.Paths, database, _host.Daemon, TimeProvider.System) { Netlink = _host.Kernel }
            .ReadAsync(TestContext.Current.CancellationToken);
    }
}
