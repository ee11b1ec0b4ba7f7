using OvsOffload.Netlink;
using OvsOffload.Os;

namespace OvsOffload.Tests.Netlink;

/// <summary>A kernel that does not return from send(2), as while a driver hangs in a firmware command.</summary>
public sealed class StuckSendsTests : IDisposable
{
    private const string Pf = "pci/0000:3b:00.0";

    private readonly ManualResetEventSlim _answer = new();
    private readonly StuckSends _stuck = new();
    private readonly List<NetlinkSocket> _sockets = [];
    private int _sends;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _answer.Set();
        _sockets.ForEach(socket => socket.Dispose());
        _answer.Dispose();
    }

    [Fact]
    public async Task While_a_request_is_stuck_no_second_one_about_the_same_object_is_begun_on_any_socket()
    {
        NetlinkTimeoutException first = await TimeOutAsync(Pf);
        Assert.Contains("may still be in progress", first.Message, StringComparison.Ordinal);
        for (int scrape = 0; scrape < 36; scrape++)
        {
            NetlinkTimeoutException next = await TimeOutAsync(Pf);
            Assert.Contains(
                $"the kernel is still working on 'devlink eswitch set of {Pf}'", next.Message,
                StringComparison.Ordinal);
        }

        Assert.Equal(1, Volatile.Read(ref _sends));
    }

    [Fact]
    public async Task Another_NIC_is_not_held_up_until_there_are_too_many()
    {
        for (int nic = 0; nic < 10; nic++)
        {
            await TimeOutAsync($"pci/0000:3b:00.{nic}");
        }

        Assert.Equal(StuckSends.Most, Volatile.Read(ref _sends));
    }

    /// <summary>As the way back after a step that took too long: it is begun once the kernel is through.</summary>
    [Fact]
    public async Task What_waits_for_it_is_begun_when_the_kernel_returns()
    {
        await TimeOutAsync(Pf);
        Task<NetlinkOutcome> next = ExchangeAsync(Pf, TimeSpan.FromSeconds(30));
        Assert.False(next.IsCompleted);

        _answer.Set();

        // Sixteen bytes of zeros are no request, and are not answered by its number: what counts is that it was sent.
        while (Volatile.Read(ref _sends) < 2)
        {
            await Task.Delay(10, Cancellation);
        }
    }

    [Fact]
    public async Task Who_waits_can_give_up()
    {
        await TimeOutAsync(Pf);
        using var giveUp = new CancellationTokenSource();
        Task<NetlinkOutcome> next = ExchangeAsync(Pf, TimeSpan.FromSeconds(30), giveUp.Token);

        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
        Assert.Equal(1, Volatile.Read(ref _sends));
    }

    /// <summary>Each with a socket of its own, as each reading of the host has.</summary>
    private Task<NetlinkOutcome> ExchangeAsync(string name, TimeSpan limit, CancellationToken? cancellation = null)
    {
        var socket = new NetlinkSocket(
            NetlinkProtocol.Generic,
            new NetlinkSocketOptions
            {
                Timeout = limit,
                Send = (_, message) =>
                {
                    Interlocked.Increment(ref _sends);
                    _answer.Wait();
                    return message.Length;
                },
            },
            stuck: _stuck);
        _sockets.Add(socket);
        return socket.ExchangeAsync(
            new NetlinkRequest("devlink eswitch set", name, new byte[16]), _ => { }, cancellation ?? Cancellation);
    }

    private async Task<NetlinkTimeoutException> TimeOutAsync(string name)
    {
        NetlinkTimeoutException failure = await Assert.ThrowsAsync<NetlinkTimeoutException>(
            () => ExchangeAsync(name, TimeSpan.FromMilliseconds(30)));
        Assert.Equal(Errno.ETIMEDOUT, failure.Errno);
        return failure;
    }
}
