using OvsOffload.Sysfs;

namespace OvsOffload.Planning;

/// <summary>
/// The part of a host that a step belongs to, or that an objection keeps from being changed. Steps of one scope are
/// done together or not at all; <see cref="SkippedParts"/> knows what depends on what.
/// </summary>
internal abstract record Scope
{
    private Scope()
    {
    }

    /// <summary>Open vSwitch: its settings and all bridges.</summary>
    public static Scope Switch { get; } = new OfSwitch();

    /// <summary>The agents that filter guests' traffic.</summary>
    public static Scope Agents { get; } = new OfAgents();

    /// <summary>How far up it stands: a bridge stands on bonds, and a bond on PFs.</summary>
    private protected abstract int Level { get; }

    /// <summary>The one of two that stands on the other: what moves between them belongs to it.</summary>
    public static Scope Upper(Scope one, Scope other) => other.Level > one.Level ? other : one;

    /// <summary>One PF.</summary>
    internal sealed record OfPf(PciAddress Pf) : Scope
    {
        private protected override int Level => 0;
    }

    /// <summary>A PF that the configuration names and that is not on this host.</summary>
    /// <param name="Value">What the configuration calls it.</param>
    internal sealed record OfMissingPf(string Value) : Scope
    {
        private protected override int Level => 0;
    }

    /// <summary>A bond.</summary>
    internal sealed record OfBond(string Name) : Scope
    {
        private protected override int Level => 1;
    }

    /// <summary>A bridge.</summary>
    internal sealed record OfBridge(string Name) : Scope
    {
        private protected override int Level => 2;
    }

    private sealed record OfSwitch : Scope
    {
        private protected override int Level => 3;
    }

    private sealed record OfAgents : Scope
    {
        private protected override int Level => 3;
    }
}
