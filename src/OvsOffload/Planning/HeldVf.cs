using OvsOffload.Host;
using OvsOffload.Sysfs;

namespace OvsOffload.Planning;

/// <summary>Whether an action would take a VF away from whoever holds it.</summary>
internal static class HeldVf
{
    /// <summary>Whether an action may take VFs at all, so that their holders must be known before it is run.</summary>
    public static bool MayBeTakenBy(StepAction action) => TakenBy(action) is not null;

    /// <summary>
    /// The first VF that an action would take and who holds it, as a sentence; null when it takes none from anybody.
    /// What cannot be told counts as held.
    /// </summary>
    /// <param name="action">What is about to be run.</param>
    /// <param name="state">The host at this moment.</param>
    public static string? Refusal(StepAction action, HostState state)
    {
        if (TakenBy(action) is not var (pf, only))
        {
            return null;
        }

        if (!state.PhysicalFunctions.IsKnown)
        {
            return $"who holds the VFs of {pf} cannot be told: {state.PhysicalFunctions.Why}";
        }

        if (state.Find(pf) is not { } function)
        {
            return null;
        }

        if (function.VfCount.IsFailed || function.VirtualFunctions.Length < function.VfCount.ValueOr(0))
        {
            return $"who holds the VFs of {pf} cannot be told: "
                + (function.VfCount.IsFailed ? function.VfCount.Why : "not all of them could be found in sysfs");
        }

        VirtualFunction? held =
            function.VirtualFunctions.FirstOrDefault(vf => (only is null || vf.Index == only) && vf.IsHeld);
        return held is null ? null : $"{pf} vf{held.Index} {Words(held)}";
    }

    /// <summary>Who holds a VF that is held, as the rest of a sentence after its name.</summary>
    public static string Words(VirtualFunction vf) => vf.Holder.IsKnown
        ? $"is held: {vf.Holder.Value.Description}"
        : $"may be held, it cannot be told: {vf.Holder.Why}";

    /// <summary>The PF, and the VF where it is only one.</summary>
    private static (PciAddress Pf, int? Vf)? TakenBy(StepAction action) => action switch
    {
        SetVfCount { To: 0 } count => (count.Pf, null),
        SetEswitchMode mode => (mode.Pf, null),
        SetVfDriver driver => (driver.Pf, driver.Vf),
        SetVfMac mac => (mac.Pf, mac.Vf),
        _ => null,
    };
}
