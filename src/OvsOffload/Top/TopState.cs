namespace OvsOffload.Top;

/// <summary>The columns, in their order.</summary>
internal enum TopColumn
{
    Function,
    Representor,
    Bridge,
    HardwareFrom,
    SoftwareFrom,
    HardwareTo,
    SoftwareTo,
    Share,
}

/// <summary>How the table is looked at: what the keys change. Immutable.</summary>
internal sealed record TopState
{
    private static readonly TopColumn Last = Enum.GetValues<TopColumn>()[^1];

    /// <summary>
    /// The column that it is sorted by. At first what functions send through the host's CPU: what should be in hardware
    /// and is not stands on top.
    /// </summary>
    public TopColumn Sort { get; init; } = TopColumn.SoftwareFrom;

    public bool Descending { get; init; } = true;

    /// <summary>Packets a second instead of bits.</summary>
    public bool Packets { get; init; }

    /// <summary>The first row that is shown, from 0.</summary>
    public int First { get; init; }

    /// <summary>The state after a key; the same where it means nothing. Quitting is not its business.</summary>
    /// <param name="key">The key.</param>
    /// <param name="rows">How many rows there are.</param>
    /// <param name="page">How many of them fit.</param>
    public TopState After(ConsoleKeyInfo key, int rows, int page)
    {
        int most = Math.Max(0, rows - page);
        return (key.Key, key.KeyChar) switch
        {
            (ConsoleKey.LeftArrow, _) or (_, '<') => By(Sort == TopColumn.Function ? Last : Sort - 1),
            (ConsoleKey.RightArrow, _) or (_, '>') => By(Sort == Last ? TopColumn.Function : Sort + 1),
            (_, >= '1' and <= '8') => By((TopColumn)(key.KeyChar - '1')),
            (_, 'r') => this with { Descending = !Descending },
            (_, 'u') => this with { Packets = !Packets },
            (ConsoleKey.UpArrow, _) or (_, 'k') => this with { First = Math.Max(0, First - 1) },
            (ConsoleKey.DownArrow, _) or (_, 'j') => this with { First = Math.Min(most, First + 1) },
            (ConsoleKey.PageUp, _) => this with { First = Math.Max(0, First - page) },
            (ConsoleKey.PageDown, _) or (_, ' ') => this with { First = Math.Min(most, First + page) },
            (ConsoleKey.Home, _) => this with { First = 0 },
            (ConsoleKey.End, _) => this with { First = most },
            _ => this,
        };
    }

    /// <summary>Numbers begin with the greatest, names with A; the same column again turns round.</summary>
    private TopState By(TopColumn column) => column == Sort
        ? this with { Descending = !Descending }
        : this with { Sort = column, Descending = column >= TopColumn.HardwareFrom, First = 0 };
}
