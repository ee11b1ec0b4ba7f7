using System.Collections.Immutable;
using OvsOffload.Os;

namespace OvsOffload.Host;

/// <summary>
/// Whether the ports of a card are one e-switch: in a bond that is active in hardware (VF-LAG), or by multiport
/// e-switch (Documentation/networking/devlink/mlx5.rst). Pure.
/// </summary>
internal static class JoinedPorts
{
    /// <summary>Whether the PF's port forwards to the card's other ports; why where that is not known.</summary>
    public static Reading<bool> Of(HostState state, PhysicalFunction pf)
    {
        Reading<bool> multiport =
            (state.Platform.Functions.GetValueOrDefault(pf.Address) ?? new FunctionPlatform()).Multiport;
        Reading<bool> bonded = Bonded(state, pf);
        return bonded.ValueOr(false) || multiport.ValueOr(false) ? Reading.Known(true)
            : bonded.IsFailed ? bonded
            : multiport.IsFailed ? multiport
            : Reading.Known(false);
    }

    private static Reading<bool> Bonded(HostState state, PhysicalFunction pf)
    {
        if (!state.Bonds.TryGet(out ImmutableArray<BondState> bonds))
        {
            return state.Bonds.IsAbsent ? Reading.Known(false) : state.Bonds.Without<bool>();
        }

        BondState? bond = bonds.FirstOrDefault(bond => bond.Members.Any(member => member.Pf == pf.Address));
        return bond?.VfLag.State == VfLagState.Unknown
            ? Reading.Failed<bool>($"whether {bond.Name} is active in hardware is not known: {bond.VfLag.Why}")
            : Reading.Known(bond?.VfLag.State == VfLagState.Active);
    }
}
