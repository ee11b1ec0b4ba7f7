namespace OvsOffload.Cli;

/// <summary>Columns of text for people: as wide as their widest cell, two blanks apart, nothing cut.</summary>
internal sealed class TextTable(params string[] headings)
{
    private readonly List<string[]> _rows = [headings];

    /// <summary>Adds a row; a missing value is shown as a hyphen.</summary>
    public void Add(params string?[] cells) =>
        _rows.Add([.. cells.Select(cell => string.IsNullOrEmpty(cell) ? "-" : cell)]);

    /// <summary>The lines, headings first.</summary>
    public IEnumerable<string> Lines()
    {
        int[] widths = [.. Enumerable.Range(0, headings.Length).Select(column => _rows.Max(row => row[column].Length))];
        return _rows.Select(row =>
            string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }
}
