namespace OvsOffload.Page;

/// <summary>
/// Where the columns of the drawing stand. All numbers are units of the drawing, about one pixel each.
/// </summary>
/// <param name="Name">Tells the drawings of one page apart.</param>
/// <param name="Width">The whole.</param>
/// <param name="Holder">Who holds the functions.</param>
/// <param name="Card">The card, around the two columns behind it.</param>
/// <param name="Function">The functions.</param>
/// <param name="Eswitch">The e-switch.</param>
/// <param name="Representor">Representors, uplinks and bonds.</param>
/// <param name="Channel">Where the lines from uplinks down to bonds run.</param>
/// <param name="Bridge">The bridges.</param>
/// <param name="Letter">The width of a letter of a name.</param>
internal sealed record DrawingColumns(
    string Name, int Width, Column Holder, Column Card, Column Function, Column Eswitch, Column Representor,
    int Channel, Column Bridge, double Letter)
{
    /// <summary>For screens of 700 pixels and more, and paper.</summary>
    public static DrawingColumns Wide { get; } = new(
        "wide", 1040, new Column(4, 170), new Column(214, 336), new Column(228, 128), new Column(412, 124),
        new Column(606, 210), 838, new Column(880, 156), 7.3);

    /// <summary>For telephones: everything is named, long names in part.</summary>
    public static DrawingColumns Narrow { get; } = new(
        "narrow", 360, new Column(1, 72), new Column(84, 110), new Column(88, 52), new Column(154, 36),
        new Column(206, 86), 298, new Column(310, 49), 6.2);

    /// <summary>Whether there is no room for second thoughts.</summary>
    public bool IsNarrow => Width < 700;

    /// <summary>A name as far as it fits, its middle left out: names of representors differ at their ends.</summary>
    public string Fit(string name, int width)
    {
        int room = Math.Max(3, (int)((width - 8) / Letter));
        int head = (room - 1) / 2;
        return name.Length <= room
            ? name
            : string.Concat(name.AsSpan(0, head), "…", name.AsSpan(name.Length - (room - 1 - head)));
    }
}

/// <summary>A column of the drawing.</summary>
/// <param name="Left">Its left side.</param>
/// <param name="Width">Its width.</param>
internal readonly record struct Column(int Left, int Width)
{
    public int Right => Left + Width;

    public int Middle => Left + Width / 2;
}
