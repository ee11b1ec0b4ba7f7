namespace OvsOffload.Intent.Configuration;

/// <summary>One thing that is wrong in a configuration: where, what was found, what is allowed.</summary>
internal sealed record ConfigurationError(SourcePosition Position, string Message)
{
    public override string ToString() => $"{Position}: {Message}";
}
