using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Nics;
using OvsOffload.Os;
using OvsOffload.Platform;
using OvsOffload.Sysfs;

namespace OvsOffload.Planning;

/// <summary>
/// Whether security groups are to be off on a host: by the oldest generation among the NICs that offload, by the
/// kernel, or because the operator says so. A pure function of intent and state.
/// </summary>
/// <param name="Off">Whether they have to be off; null where that is unknown.</param>
/// <param name="Reason">
/// One word for metrics and programs: <c>policy_keep</c>, <c>policy_disable</c>, <c>no_offload</c>,
/// <c>nic_generation</c>, <c>kernel</c>, <c>nic_contested</c>, <c>nics_able</c>, <c>unread</c>; <c>revert</c> where
/// nothing is decided and all is restored.
/// </param>
/// <param name="Why">The reason, in one sentence.</param>
internal sealed record SecurityGroupDecision(bool? Off, string Reason, string Why)
{
    /// <summary>Whether there is anything to be said, or done.</summary>
    public bool NeedsNothing => Off == false && Reason is not ("nic_contested" or "policy_keep");

    /// <summary>Decides.</summary>
    public static SecurityGroupDecision Of(HostIntent intent, HostState state)
    {
        SecurityGroupPolicy policy = intent.SecurityGroups.Policy;
        if (policy != SecurityGroupPolicy.Auto)
        {
            bool off = policy == SecurityGroupPolicy.Disable;
            return new SecurityGroupDecision(
                off, off ? "policy_disable" : "policy_keep",
                $"security groups {(off ? "have to be off" : "stay on")} because "
                    + $"{intent.SecurityGroups.Source["policy"]} says policy: {(off ? "disable" : "keep")}");
        }

        return state.PhysicalFunctions.IsFailed
            ? new SecurityGroupDecision(
                null, "unread",
                $"cannot determine whether security groups have to be off: {state.PhysicalFunctions.Why}")
            : Automatically(OffloadSet(intent, state), state);
    }

    /// <summary>The PFs that offload, or are to: in switchdev mode as found, or as the configuration wants
    /// it.</summary>
    public static ImmutableArray<PhysicalFunction> OffloadSet(HostIntent intent, HostState state)
    {
        ImmutableDictionary<PciAddress, NicIntent> intents = state.Managed(intent);
        return [.. state.KnownFunctions.Where(pf => pf.OffloadExpected(intents.GetValueOrDefault(pf.Address)))];
    }

    private static SecurityGroupDecision Automatically(ImmutableArray<PhysicalFunction> set, HostState state)
    {
        if (set.IsEmpty)
        {
            PhysicalFunction? unread = state.KnownFunctions.FirstOrDefault(pf => pf.Eswitch.IsFailed);
            return unread is not null
                ? new SecurityGroupDecision(
                    null, "unread",
                    $"cannot determine whether security groups have to be off: the e-switch of {unread.Address} "
                        + $"could not be read: {unread.Eswitch.Why}")
                : new SecurityGroupDecision(
                    false, "no_offload",
                    "security groups may stay on: no PF is in switchdev mode, or configured for it");
        }

        if (Of(set, SecurityGroupClass.Disable) is { } old)
        {
            return new SecurityGroupDecision(
                true, "nic_generation",
                $"security groups have to be off because {old.Address} is a {old.Model.Name} ({old.Model.Id}), which "
                    + "offloads conntrack badly or not at all, so that the guests' traffic would stay in software");
        }

        Reading<KernelConfiguration> options = state.Kernel.Facts.Configuration;
        string[] missing = ConntrackSupport.MissingFor(set[0], state).ValueOr([]);
        if (missing.Length > 0)
        {
            return new SecurityGroupDecision(
                true, "kernel",
                "security groups have to be off because this kernel offloads no conntrack: it was built without "
                    + string.Join(", ", missing));
        }

        string kernel = options.IsKnown ? "" : $"; how the kernel was built is not known: {options.Why}";
        return Of(set, SecurityGroupClass.Warn) is { } contested
            ? new SecurityGroupDecision(
                false, "nic_contested",
                $"security groups may stay on, but whether {contested.Address}, {contested.Model.Name} "
                    + $"({contested.Model.Id}), offloads conntrack is contested: watch for flows with ct that stay in "
                    + $"software, or set policy: disable{kernel}")
            : new SecurityGroupDecision(
                false, "nics_able",
                $"security groups may stay on: {set[0].Address} is a {set[0].Model.Name}, which offloads "
                    + $"conntrack{kernel}");
    }

    private static PhysicalFunction? Of(ImmutableArray<PhysicalFunction> set, SecurityGroupClass kind) =>
        set.FirstOrDefault(pf => pf.Model.Generation.SecurityGroups == kind);
}
