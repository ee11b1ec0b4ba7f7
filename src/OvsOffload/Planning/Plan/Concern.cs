using OvsOffload.Sysfs;

namespace OvsOffload.Planning;

/// <summary>
/// The part of a host that an objection stands in the way of, or in which a step failed. What does not depend on it is
/// reached without it; what does, <see cref="LeftOut"/> knows.
/// </summary>
internal abstract record Concern
{
    private Concern()
    {
    }

    /// <summary>Open vSwitch: its settings and all bridges.</summary>
    public static Concern Switch { get; } = new OfSwitch();

    /// <summary>The agents that filter guests' traffic.</summary>
    public static Concern Agents { get; } = new OfAgents();

    /// <summary>What a step belongs to.</summary>
    public static Concern Of(StepAction action) => action is AgentAction ? Agents
        : Scope.BondOf(action) is { } bond ? new OfBond(bond)
        : Scope.Of(action) is { } pf ? new OfPf(pf)
        : Scope.BridgeOf(action) is { } bridge ? new OfBridge(bridge)
        : Switch;

    /// <summary>One PF.</summary>
    internal sealed record OfPf(PciAddress Pf) : Concern;

    /// <summary>A PF that the configuration names and that is not on this host.</summary>
    /// <param name="Value">What the configuration calls it.</param>
    internal sealed record OfMissingPf(string Value) : Concern;

    /// <summary>A bond.</summary>
    internal sealed record OfBond(string Name) : Concern;

    /// <summary>A bridge.</summary>
    internal sealed record OfBridge(string Name) : Concern;

    private sealed record OfSwitch : Concern;

    private sealed record OfAgents : Concern;
}
