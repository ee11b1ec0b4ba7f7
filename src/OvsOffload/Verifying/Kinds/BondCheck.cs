using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;

namespace OvsOffload.Verifying;

/// <summary>
/// A check of every bond that the configuration names, or that has an uplink in switchdev mode as a member.
/// </summary>
internal abstract class BondCheck : Check
{
    /// <inheritdoc/>
    public sealed override IEnumerable<Finding> Examine(Observation input)
    {
        if (!input.State.Bonds.TryGet(out ImmutableArray<BondState> bonds))
        {
            return [Skip(Objects.Host, $"cannot read the bonds: {input.State.Bonds.Why}")];
        }

        BondState[] own = [.. OffloadBonds.Of(bonds, input.Intent, input.State)];
        return own.Length == 0
            ? [Skip(Objects.Host, "this host has no bond of uplinks in switchdev mode")]
            : own.SelectMany(bond => Examine(bond, OffloadBonds.IntentOf(bond, input.Intent), input));
    }

    /// <summary>Looks at one bond.</summary>
    /// <param name="bond">The bond.</param>
    /// <param name="intent">What the configuration says of it; null when it says nothing.</param>
    /// <param name="input">Everything else.</param>
    protected abstract IEnumerable<Finding> Examine(BondState bond, BondIntent? intent, Observation input);

    /// <summary>The PFs whose uplinks are members.</summary>
    public static ImmutableArray<PhysicalFunction> PfsOf(BondState bond, Observation input) =>
        [.. bond.Members.Select(member => member.Pf is { } pf ? input.State.Find(pf) : null)
            .OfType<PhysicalFunction>()];

    /// <summary>An error where VF-LAG is required or nobody has said that it is not; else a warning.</summary>
    protected static FindingStatus SeverityFor(BondIntent? intent) =>
        intent?.VfLag == VfLagRequirement.Preferred ? FindingStatus.Warning : FindingStatus.Error;

    /// <summary>What brings a bond of the configuration to what is wanted; else the commands given.</summary>
    protected static string FixFor(BondIntent? intent, string byHand) =>
        intent is { Managed: Management.Full } ? "ovs-offload apply" : byHand;
}
