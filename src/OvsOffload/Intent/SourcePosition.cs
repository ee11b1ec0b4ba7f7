namespace OvsOffload.Intent;

/// <summary>A place in a text that an operator wrote; it prints as <c>file:line:column</c>, as compilers do.</summary>
/// <param name="File">The path as it was given, or a word such as <c>defaults</c> where there is no file.</param>
/// <param name="Line">Counted from 1; 0 where the position means the file as a whole.</param>
/// <param name="Column">Counted from 1, in UTF-16 units; 0 where the position means the file as a whole.</param>
internal sealed record SourcePosition(string File, int Line, int Column) : IComparable<SourcePosition>
{
    /// <summary>Where a value stands that nobody wrote.</summary>
    public static SourcePosition Defaults { get; } = new("defaults", 0, 0);

    /// <summary>The file as a whole, for what has no line: a file that is absent, say.</summary>
    public static SourcePosition WholeFile(string file) => new(file, 0, 0);

    public int CompareTo(SourcePosition? other) =>
        other is null ? 1 : (Line, Column).CompareTo((other.Line, other.Column));

    public override string ToString() => Line == 0 ? File : $"{File}:{Line}:{Column}";
}
