namespace OvsOffload.Host;

/// <summary>
/// The driver of a VF with its driver_override, as they stand in entries of <see cref="ChangeKind.VfDriver"/> and
/// <see cref="ChangeKind.VfBinding"/>.
/// </summary>
/// <param name="Driver">The driver; null for none.</param>
/// <param name="Override">driver_override; null for none.</param>
internal sealed record BoundDriver(string? Driver, string? Override)
{
    /// <summary>Reads an entry.</summary>
    public static BoundDriver Parse(string text)
    {
        string[] words = text.Split(' ');
        return new BoundDriver(Word(0), Word(1));

        string? Word(int index) => index < words.Length && words[index].Length > 0 ? words[index] : null;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Driver} {Override}";
}
