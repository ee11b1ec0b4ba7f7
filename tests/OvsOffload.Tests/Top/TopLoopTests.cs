using System.Collections.Immutable;
using OvsOffload.Top;

namespace OvsOffload.Tests.Top;

public sealed class TopLoopTests
{
    private readonly FakeTerminal _terminal = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_draws_again_when_the_terminal_is_resized_and_ends_with_q()
    {
        _terminal.OnDraw = drawn =>
        {
            _terminal.Size = (40, 9);
            _terminal.Press(drawn.Count > 1 && drawn[^1].Length == 9 ? 'q' : null);
        };

        await Loop(_ => Task.FromResult(TopSamples.At(1))).RunAsync(Token);

        Assert.Equal(24, _terminal.Drawn[0].Length);
        Assert.Equal(9, _terminal.Drawn[^1].Length);
        Assert.Equal(["enter", "leave"], _terminal.Calls);
    }

    [Fact]
    public async Task Two_samples_make_rates()
    {
        int read = 0;
        _terminal.OnDraw = drawn => _terminal.Press(
            drawn[^1].Any(line => line.Contains("in hardware,", StringComparison.Ordinal)) ? 'q' : null);

        await Loop(_ => Task.FromResult(TopSamples.At(read++, TopSamples.Vf(0, (ulong)read * 1_000_000, 0))))
            .RunAsync(Token);

        Assert.Contains(_terminal.Drawn[^1], line => line.Contains("8.00M", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_failed_reading_is_shown_and_is_no_end()
    {
        int read = 0;
        _terminal.OnDraw = drawn => _terminal.Press(read > 1 ? 'q' : null);

        await Loop(_ => ++read == 1
            ? Task.FromException<TopSample>(new InvalidOperationException("netlink said EIO"))
            : Task.FromResult(TopSamples.At(read))).RunAsync(Token);

        Assert.Contains(_terminal.Drawn, lines => lines[1] == "cannot read counters: netlink said EIO");
    }

    [Fact]
    public async Task The_terminal_is_given_back_when_it_is_cancelled()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        _terminal.OnDraw = _ => stop.Cancel();

        await Loop(Never).RunAsync(stop.Token);

        Assert.Equal(["enter", "leave"], _terminal.Calls);
    }

    [Fact]
    public async Task The_terminal_is_given_back_when_drawing_fails()
    {
        _terminal.OnDraw = _ => throw new InvalidOperationException("no such terminal");

        await Assert.ThrowsAsync<InvalidOperationException>(() => Loop(Never).RunAsync(Token));

        Assert.Equal(["enter", "leave"], _terminal.Calls);
    }

    private static async Task<TopSample> Never(CancellationToken cancellation)
    {
        await Task.Delay(Timeout.Infinite, cancellation);
        return TopSamples.At(0);
    }

    private TopLoop Loop(Func<CancellationToken, Task<TopSample>> read) =>
        new(_terminal, read, TimeSpan.FromMilliseconds(1), TimeProvider.System);

    private sealed class FakeTerminal : ITopTerminal
    {
        private readonly Queue<ConsoleKeyInfo> _keys = new();

        public List<string> Calls { get; } = [];

        public List<ImmutableArray<string>> Drawn { get; } = [];

        public Action<List<ImmutableArray<string>>> OnDraw { get; set; } = _ => { };

        public (int Width, int Height) Size { get; set; } = (120, 24);

        public void Enter() => Calls.Add("enter");

        public void Leave() => Calls.Add("leave");

        public void Draw(ImmutableArray<string> lines)
        {
            Drawn.Add(lines);
            OnDraw(Drawn);
        }

        public ConsoleKeyInfo? Key() => _keys.TryDequeue(out ConsoleKeyInfo key) ? key : null;

        public void Press(char? key)
        {
            if (key is { } pressed)
            {
                _keys.Enqueue(new ConsoleKeyInfo(pressed, ConsoleKey.Q, false, false, false));
            }
        }
    }
}
