namespace OvsOffload.Planning;

/// <summary>Changes a file of an agent.</summary>
/// <param name="Path">The file, as the host names it.</param>
/// <param name="From">Its content before, one character for one byte; null for no file.</param>
/// <param name="To">Its content after.</param>
internal sealed record SetAgentFile(string Path, string? From, string? To) : AgentAction
{
    public override string Kind => "agent-file";
    public override string Object => Path;

    protected override AgentAction WithContentSwapped() => this with { From = To, To = From };
}
