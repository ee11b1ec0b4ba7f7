namespace OvsOffload.Tests.House;

/// <summary>That one file, or one room, uses another.</summary>
internal sealed record Arrow(string From, string To)
{
    public override string ToString() => $"{From} -> {To}";
}
