using System.Collections.Immutable;

namespace OvsOffload.Planning;

/// <summary>Calls the site's program.</summary>
/// <param name="Command">The program and its arguments.</param>
/// <param name="From">Whether security groups were off.</param>
/// <param name="To">Whether they are to be off.</param>
internal sealed record CallProgram(ImmutableArray<string> Command, bool From, bool To) : AgentAction
{
    /// <summary>The reason of the decision, as <see cref="SecurityGroupDecision.Reason"/>.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The reason in one sentence.</summary>
    public string Why { get; init; } = "";

    /// <summary>The guests concerned.</summary>
    public ImmutableArray<string> Guests { get; init; } = [];

    public override string Kind => "security-groups";
    public override string Object => Command[0];

    protected override AgentAction WithContentSwapped() => this with { From = To, To = From };
}
