using System.Collections.Immutable;
using OvsOffload.Os;
using OvsOffload.Top;

namespace OvsOffload.Tests.Top;

public sealed class TopLayoutTests
{
    private static readonly ImmutableArray<TopRow> Rows =
    [
        TopSamples.Row("vf0", 1_000_000, 0),
        TopSamples.Row("vf2", 500, 400),
        TopSamples.Row("vf10", 2000, 900),
        TopSamples.Row("vf3", null, null),
    ];

    [Theory]
    [InlineData(80, 24)]
    [InlineData(30, 6)]
    [InlineData(1, 1)]
    [InlineData(200, 3)]
    public void A_screen_is_never_larger_than_the_terminal(int width, int height)
    {
        ImmutableArray<string> lines = TopLayout.Screen(View(Many(300)), new TopState(), width, height);

        Assert.Equal(height, lines.Length);
        Assert.All(lines, line => Assert.True(line.Length <= width));
    }

    [Fact]
    public void At_80_columns_names_make_room_and_every_number_stands()
    {
        TopRow[] rows =
        [
            .. Enumerable.Range(10, 5).Select(vf => TopSamples.Row($"vf{vf}", 1_000_000, 900, $"enp59s0f0npf0vf{vf}")),
        ];

        ImmutableArray<string> lines = TopLayout.Screen(View([.. rows]), new TopState(), 80, 24);

        Assert.EndsWith("IN HW", lines[2]);
        Assert.EndsWith(" %", lines[3]);
        Assert.Contains("..", lines[3]);
        Assert.Contains("vf10  ", lines[3][18..]);
        Assert.EndsWith("scroll", lines[^1]);
    }

    [Fact]
    public void What_should_be_in_hardware_and_is_not_stands_on_top_and_the_unknown_at_the_end()
    {
        string[] table = [.. TopLayout.Table(Rows, new TopState())];

        Assert.Contains("SW FROM v", table[0]);
        Assert.Equal(["vf10", "vf2", "vf0", "vf3"], table.Skip(1).Select(line => line.Split(' ')[1]));
        Assert.Contains("8.00M", table[3]);
        Assert.EndsWith("-", table[4]);
        Assert.DoesNotContain("0 ", table[4][40..]);
    }

    [Theory]
    [InlineData('1', "vf0 vf2 vf3 vf10")]
    [InlineData('4', "vf0 vf10 vf2 vf3")]
    [InlineData('8', "vf0 vf10 vf2 vf3")]
    public void Keys_choose_the_column(char key, string order)
    {
        TopState state = new TopState().After(Key(key), Rows.Length, 10);

        Assert.Equal(order.Split(' '), TopLayout.Sorted(Rows, state).Select(row => row.Function));
        TopState turned = state.After(Key('r'), Rows.Length, 10);
        Assert.NotEqual(order.Split(' '), TopLayout.Sorted(Rows, turned).Select(row => row.Function));
    }

    [Fact]
    public void Columns_go_round_with_the_arrows_and_rows_scroll_within_what_there_is()
    {
        TopState state = new TopState { Sort = TopColumn.Share }.After(Key(ConsoleKey.RightArrow), 50, 10);
        Assert.Equal(TopColumn.Function, state.Sort);
        Assert.Equal(TopColumn.Share, state.After(Key(ConsoleKey.LeftArrow), 50, 10).Sort);
        state = state.After(Key(ConsoleKey.PageDown), 50, 10).After(Key(ConsoleKey.DownArrow), 50, 10);
        Assert.Equal(11, state.First);
        Assert.Equal(40, state.After(Key(ConsoleKey.End), 50, 10).First);
        Assert.Equal(0, state.After(Key(ConsoleKey.PageUp), 50, 10).After(Key(ConsoleKey.PageUp), 50, 10).First);
        Assert.Equal(0, new TopState().After(Key(ConsoleKey.DownArrow), 3, 10).First);
    }

    [Fact]
    public void A_screen_that_grew_shows_the_last_rows_and_no_emptiness()
    {
        ImmutableArray<string> lines = TopLayout.Screen(View(Many(20)), new TopState { First = 19 }, 100, 30);

        Assert.Equal(20, lines.Count(line => line.StartsWith("0000:", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_failed_reading_is_said_and_shows_no_rows()
    {
        var view = new TopView("hv1", TopSamples.Time, Reading.Failed<ImmutableArray<TopRow>>("EPERM"));
        ImmutableArray<string> lines = TopLayout.Screen(view, new TopState(), 100, 10);

        Assert.Equal("cannot read counters: EPERM", lines[1]);
        Assert.DoesNotContain(lines, line => line.StartsWith("0000:", StringComparison.Ordinal));
    }

    [Fact]
    public void A_name_cannot_steer_the_terminal()
    {
        ImmutableArray<string> lines =
            TopLayout.Screen(View([TopSamples.Row("vf0", 1, 0, "\e[2J\u009bx")]), new TopState(), 200, 10);

        Assert.DoesNotContain(lines, line => line.Any(char.IsControl));
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(999, "999")]
    [InlineData(999.7, "1.00k")]
    [InlineData(12_345, "12.3k")]
    [InlineData(25_000_000_000, "25.0G")]
    [InlineData(999_600_000, "1.00G")]
    public void Rates_have_three_digits(double rate, string text) => Assert.Equal(text, TopLayout.Scaled(rate));

    private static ImmutableArray<TopRow> Many(int rows) =>
        [.. Enumerable.Range(0, rows).Select(vf => TopSamples.Row($"vf{vf}", vf * 1000, vf))];

    private static TopView View(ImmutableArray<TopRow> rows) => new("hv1", TopSamples.Time, Reading.Known(rows));

    private static ConsoleKeyInfo Key(char key) =>
        new(key, (ConsoleKey)char.ToUpperInvariant(key), false, false, false);

    private static ConsoleKeyInfo Key(ConsoleKey key) => new('\0', key, false, false, false);
}
