using System.Net;
using System.Net.Sockets;
using OvsOffload.Intent;
using OvsOffload.Service;

namespace OvsOffload.Tests.Service;

public sealed class MetricsListenerTests : IDisposable
{
    private readonly FakeTime _time = new();
    private readonly List<string> _log = [];
    private readonly TcpListener _other = new(IPAddress.Loopback, 0);
    private readonly WebAccessStore _access;

    public MetricsListenerTests()
    {
        _other.Start();
        _access = new WebAccessStore(null, (_, line) => _log.Add(line), _time);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _other.Dispose();

    [Fact]
    public async Task A_port_that_is_taken_is_served_on_once_it_is_free_and_nothing_ends_meanwhile()
    {
        await using var listener = new MetricsListener(ServeAsync, (_, line) => _log.Add(line), _time);

        await listener.StartAsync(waits: true, Token);
        Assert.Contains("cannot listen on ", Assert.Single(_log), StringComparison.Ordinal);
        Task waiting = listener.RunAsync(Token);
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.False(waiting.IsCompleted);

        _other.Stop();
        while (!waiting.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(6));
            await Task.Delay(20, Token);
        }

        await waiting;
        Assert.InRange(listener.Failures, 1, int.MaxValue);
        Assert.StartsWith("metrics at http://127.0.0.1:", _log[^1], StringComparison.Ordinal);
    }

    /// <summary>192.0.2.0/24 is for documentation (RFC 5737): no host of a test has it.</summary>
    [Fact]
    public async Task An_address_that_the_host_does_not_have_yet_is_waited_for_and_counted()
    {
        await using var listener = new MetricsListener(
            token => ServeAsync(new ListenAddress(IPAddress.Parse("192.0.2.1"), 9975), token),
            (_, line) => _log.Add(line), _time);

        await listener.StartAsync(waits: true, Token);

        Assert.Contains("cannot listen on 192.0.2.1:9975", Assert.Single(_log), StringComparison.Ordinal);
        Assert.Equal(1, listener.Failures);
    }

    [Fact]
    public async Task A_service_that_does_not_wait_ends()
    {
        await using var listener = new MetricsListener(ServeAsync, (_, line) => _log.Add(line), _time);

        ServiceException failure = await Assert.ThrowsAsync<ServiceException>(
            () => listener.StartAsync(waits: false, Token));

        Assert.True(failure.IsAddressInUse);
    }

    private Task<MetricsServer> ServeAsync(CancellationToken cancellation) => ServeAsync(
        new ListenAddress(IPAddress.Loopback, ((IPEndPoint)_other.LocalEndpoint).Port), cancellation);

    private Task<MetricsServer> ServeAsync(ListenAddress listen, CancellationToken cancellation) =>
        MetricsServer.StartAsync(
            listen, new MetricsPages((_, _, _) => Task.CompletedTask, () => []), _access, cancellation);
}
