using System.Collections.Immutable;
using OvsOffload.Os;

namespace OvsOffload.Top;

/// <summary>A terminal that is drawn on as a whole.</summary>
internal interface ITopTerminal
{
    /// <summary>Columns and lines as they are now.</summary>
    (int Width, int Height) Size { get; }

    /// <summary>Takes the screen.</summary>
    void Enter();

    /// <summary>Gives the screen back as it was. May be called without <see cref="Enter"/> having ended.</summary>
    void Leave();

    /// <summary>Shows these lines and nothing else.</summary>
    void Draw(ImmutableArray<string> lines);

    /// <summary>The next key that was pressed; null when there is none.</summary>
    ConsoleKeyInfo? Key();
}

/// <summary>Shows samples until q is pressed: reads in the background, so that keys and resizes never wait.</summary>
/// <param name="terminal">Where.</param>
/// <param name="read">Reads a sample.</param>
/// <param name="interval">From a sample to the next.</param>
/// <param name="time">The clock.</param>
internal sealed class TopLoop(
    ITopTerminal terminal, Func<CancellationToken, Task<TopSample>> read, TimeSpan interval, TimeProvider time)
{
    /// <summary>From a look at the keyboard to the next: not felt, and a ten-thousandth of a core.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    private TopView _view = new("", null, Reading.Absent<ImmutableArray<TopRow>>("measuring..."));
    private TopSample? _last;

    /// <summary>Runs until q is pressed or it is cancelled; the terminal is given back however it ends.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task<TopSample> reading = read(stop.Token);
        try
        {
            terminal.Enter();
            await ShowAsync(reading, stop);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
        }
        finally
        {
            terminal.Leave();
            await stop.CancelAsync();
        }
    }

    private async Task ShowAsync(Task<TopSample> reading, CancellationTokenSource stop)
    {
        var state = new TopState();
        (int Width, int Height) size = (0, 0);
        long begun = time.GetTimestamp();
        bool waiting = false;
        await EventLoop.RunAsync(LookAsync, time, stop.Token);

        async Task<TimeSpan?> LookAsync(CancellationToken token)
        {
            bool changed = false;
            if (!waiting && reading.IsCompleted)
            {
                await TakeAsync(reading);
                (waiting, changed) = (true, true);
            }

            if (waiting && time.GetElapsedTime(begun) >= interval)
            {
                (reading, begun, waiting) = (read(token), time.GetTimestamp(), false);
            }

            while (terminal.Key() is { } key)
            {
                if (key.KeyChar is 'q' or 'Q')
                {
                    return null;
                }

                state = state.After(key, _view.Rows.ValueOr([]).Length, TopLayout.Page(size.Height));
                changed = true;
            }

            if (changed || terminal.Size != size)
            {
                size = terminal.Size;
                terminal.Draw(TopLayout.Screen(_view, state, size.Width, size.Height));
            }

            return Tick;
        }
    }

    /// <summary>A failed reading is shown as one, in the place of the numbers before it.</summary>
    private async Task TakeAsync(Task<TopSample> reading)
    {
        try
        {
            TopSample sample = await reading;
            _view = new TopView(
                sample.Host,
                sample.ReadAt,
                _last is null
                    ? Reading.Absent<ImmutableArray<TopRow>>("measuring...")
                    : Reading.Known(TopRates.Between(_last, sample)));
            _last = sample;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            _view = _view with { Rows = Reading.Failed<ImmutableArray<TopRow>>(failure.Message) };
            _last = null;
        }
    }
}
