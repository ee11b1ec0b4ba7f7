using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace OvsOffload.LabTests;

/// <summary>
/// Whether a guest answers on its management link, asked ten times a second from outside: its kernel refuses a
/// connection to a port where nothing listens, which QEMU passes on as an end of the stream. A guest that cannot be
/// reached is silent.
/// </summary>
public sealed class Reachability : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100), Patience = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _end = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly List<TimeSpan> _answers = [];
    private readonly Task _asking;

    /// <summary>Begins to ask.</summary>
    /// <param name="machine">The guest, which may boot meanwhile.</param>
    public Reachability(LabMachine machine) => _asking = AskAsync(machine, _end.Token);

    /// <summary>Ends asking; the longest time between two answers, the end included.</summary>
    public async Task<TimeSpan> LongestGapAsync()
    {
        await _end.CancelAsync();
        await _asking;
        Assert.True(_answers.Count > 0, "The guest never answered on its management link.");
        TimeSpan[] times = [.. _answers, _clock.Elapsed];
        return times.Zip(times.Skip(1), (earlier, later) => later - earlier).Max();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _asking;
        _end.Dispose();
    }

    private async Task AskAsync(LabMachine machine, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            if (await AnswersAsync(machine.ProbePort, end))
            {
                _answers.Add(_clock.Elapsed);
            }

            await Task.Delay(Interval, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<bool> AnswersAsync(int port, CancellationToken end)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(end);
        limit.CancelAfter(Patience);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port, limit.Token);
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException)
        {
            return false;
        }

        try
        {
            return await socket.ReceiveAsync(new byte[1], limit.Token) == 0;
        }
        catch (SocketException failure)
        {
            return failure.SocketErrorCode == SocketError.ConnectionReset;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
