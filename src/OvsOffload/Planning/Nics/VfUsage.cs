using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Os;

namespace OvsOffload.Planning;

/// <summary>Whether an action would take a VF that is in use.</summary>
internal static class VfUsage
{
    /// <summary>
    /// Whether an action that undoes a step may take VFs, so that their users must be known before it is run. A
    /// member goes back into its bond whoever uses it.
    /// </summary>
    public static bool MayBeDetachedBy(StepAction action) => action.Detaches is { Vfs: true };

    /// <summary>
    /// The first VF in use that an action would take, and what uses it, as a sentence; null when it takes none. Unknown
    /// counts as in use.
    /// </summary>
    /// <param name="action">What is about to be run.</param>
    /// <param name="state">The host at this moment.</param>
    public static string? Refusal(StepAction action, HostState state) => Refusal(action, state.PhysicalFunctions);

    /// <summary>The same of the PFs alone.</summary>
    public static string? Refusal(StepAction action, Reading<ImmutableArray<PhysicalFunction>> functions)
    {
        if (action.Detaches is not { Pf: var pf } taken)
        {
            return null;
        }

        if (!functions.TryGet(out ImmutableArray<PhysicalFunction> all))
        {
            return $"cannot determine whether VFs of {pf} are in use: {functions.Why}";
        }

        if (all.FirstOrDefault(one => one.Address == pf) is not { } function)
        {
            return null;
        }

        if (taken.Rdma && RdmaUse(function) is { } use)
        {
            return $"{pf} {use}";
        }

        if (!taken.Vfs)
        {
            return null;
        }

        if (UnreadableReason(function) is { } unread)
        {
            return $"{pf}: {unread}";
        }

        VirtualFunction? held = function.VirtualFunctions
            .FirstOrDefault(vf => (taken.OnlyVf is null || vf.Index == taken.OnlyVf) && vf.IsHeld);
        return held is null ? null : $"{pf} vf{held.Index} {HolderText(held)}";
    }

    /// <summary>Why not all VFs of a PF could be looked at; null when they could.</summary>
    public static string? UnreadableReason(PhysicalFunction pf) =>
        pf.VfCount.IsFailed
            ? $"the number of VFs could not be read, so whether they are in use is unknown: {pf.VfCount.Why}"
            : pf.VirtualFunctions.Length < pf.VfCount.ValueOr(0)
                ? $"only {pf.VirtualFunctions.Length} of {pf.VfCount.Value} VFs could be found in sysfs, so whether "
                    + "the others are in use is unknown"
                : null;

    /// <summary>
    /// Whether what a step takes may have come into use after the plan was made. VFs that the plan itself made are not
    /// in use yet.
    /// </summary>
    public static bool MayBeInUseSincePlan(StepAction action) => action.Detaches is { IsFresh: false };

    /// <summary>
    /// What uses RDMA on a PF, as the rest of a sentence after its name; null when nothing does.
    /// </summary>
    public static string? RdmaUse(PhysicalFunction pf) => pf.RdmaUser.Match<string?>(
        user => $"is in use by RDMA: {user.Description}",
        _ => null,
        why => $"may be in use by RDMA, which cannot be determined: {why}");

    /// <summary>What uses a VF, as the rest of a sentence after its name.</summary>
    public static string HolderText(VirtualFunction vf) => vf.Holder.IsKnown
        ? $"is in use: {vf.Holder.Value.Description}"
        : $"may be in use, which cannot be determined: {vf.Holder.Why}";
}
