using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;

namespace OvsOffload.Planning;

/// <summary>
/// A step on the configuration of somebody else's agent. It carries the whole content before and after, so it is run
/// only while the content is still the one that was decided on, and its inverse is known.
/// </summary>
internal abstract record AgentAction : StepAction
{
    /// <summary>What is known of earlier changes before the step.</summary>
    public AgentFileRecord? RecordFrom { get; init; }

    /// <summary>What is known of changes after it; null when nothing is left of them.</summary>
    public AgentFileRecord? RecordTo { get; init; }

    /// <summary>For whom.</summary>
    public required SecurityGroupBackend Backend { get; init; }

    /// <summary>What holds after it, for people.</summary>
    public required string Says { get; init; }

    /// <summary>What held before it, for people.</summary>
    public required string SaidBefore { get; init; }

    /// <summary>How the agent takes it up, as arguments; empty where it does so by itself.</summary>
    public ImmutableArray<string> Restart { get; init; } = [];

    public override string Summary => $"{Object}: {Says}"
        + (Restart.IsEmpty ? "" : $", and restart the agent ({string.Join(' ', Restart)})");
}

/// <summary>Changes a file of an agent.</summary>
/// <param name="Path">The file, as the host names it.</param>
/// <param name="From">Its content before, one character for one byte; null for no file.</param>
/// <param name="To">Its content after.</param>
internal sealed record SetAgentFile(string Path, string? From, string? To) : AgentAction
{
    public override string Kind => "agent-file";
    public override string Object => Path;
}

/// <summary>Changes Cloudpods' ConfigMap.</summary>
/// <param name="Name">Its name, for people and for the record.</param>
/// <param name="From">The file in it before, one character for one byte.</param>
/// <param name="To">The file in it after.</param>
internal sealed record SetConfigMap(string Name, string From, string To) : AgentAction
{
    public override string Kind => "config-map";
    public override string Object => Name;
}

/// <summary>Tells the site's program.</summary>
/// <param name="Command">The program and its arguments.</param>
/// <param name="From">Whether security groups were off.</param>
/// <param name="To">Whether they are to be off.</param>
internal sealed record TellProgram(ImmutableArray<string> Command, bool From, bool To) : AgentAction
{
    /// <summary>The reason of the decision, as <see cref="SecurityGroupDecision.Reason"/>.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The reason in one sentence.</summary>
    public string Why { get; init; } = "";

    /// <summary>The guests concerned.</summary>
    public ImmutableArray<string> Guests { get; init; } = [];

    public override string Kind => "security-groups";
    public override string Object => Command[0];
}
