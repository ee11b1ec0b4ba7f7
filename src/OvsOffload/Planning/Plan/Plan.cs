using System.Collections.Immutable;
using OvsOffload.Host;

namespace OvsOffload.Planning;

/// <summary>The steps, in order, that make the host match the configuration.</summary>
/// <param name="Steps">The steps; empty when the host matches the configuration.</param>
/// <param name="Objections">
/// What speaks against it. The steps are those that none of them concerns; where one concerns the whole host, none is
/// run.
/// </param>
/// <param name="Pending">What has to be done outside of this plan: a restart, a reboot.</param>
internal sealed record Plan(
    ImmutableArray<Step> Steps,
    ImmutableArray<Objection> Objections,
    ImmutableArray<string> Pending)
{
    /// <summary>What an operator should know, and what changes nothing: neither the steps nor the exit
    /// status.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>What the plan needs and could not be read: whatever it says, more may have to be done.</summary>
    public ImmutableArray<UnreadFact> Unread { get; init; } = [];

    /// <summary>What is left out because of the objections.</summary>
    public SkippedParts Skipped { get; init; } = SkippedParts.Empty;

    /// <summary>Whether the objections leave something of the configuration, with steps or already so.</summary>
    public bool IsPartial { get; init; }

    /// <summary>Whether an objection concerns the whole host, so that no step may be run.</summary>
    public bool IsRefused => Objections.Any(objection => objection.Scope is null);

    /// <summary>Whether it is known that there is nothing to do and nothing to wait for.</summary>
    public bool IsEmpty => Steps.IsEmpty && Objections.IsEmpty && Pending.IsEmpty && Unread.IsEmpty;
}
