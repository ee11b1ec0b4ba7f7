using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.Nics;

namespace OvsOffload.Planning;

/// <summary>
/// Plans one PF: mode of the e-switch, VFs, and what has to stand before and after. The portable order is switchdev
/// first and VFs second; VFs that are there in the right number stay; what a driver refused before decides otherwise.
/// </summary>
internal static class NicPlanner
{
    private const string InlineNeedsBinding = "a VF's driver reads the inline mode only when it is bound";

    /// <summary>Adds the steps and objections for one PF.</summary>
    public static void Plan(NicIntent nic, PhysicalFunction pf, HostIntent intent, HostState state, PlanDraft draft)
    {
        var goal = NicGoal.Of(nic, pf, state);
        if (!NicPreconditions.AreMet(nic, pf, goal, intent, state, draft))
        {
            return;
        }

        goal = InterruptedChanges.RestoreAutoprobe(goal, draft);
        if (goal.ChangesMode)
        {
            ChangeMode(goal, state, draft);
        }
        else if (goal.ChangesVfs)
        {
            SetSteering(goal, draft);
            EswitchPlanner.Plan(goal, draft);
            RemakeVfs(goal, draft);
        }
        else
        {
            ImmutableArray<VirtualFunction> bound = EswitchPlanner.ChangesInlineMode(goal)
                ? [.. pf.VirtualFunctions.Where(vf => vf.Driver is not null && !vf.IsHeld)]
                : [];
            SetSteering(goal, draft);
            Unbind(goal, bound, InlineNeedsBinding, draft);
            EswitchPlanner.Plan(goal, draft);
            Rebind(goal, bound, draft);
        }

        VfPlanner.Correct(goal, draft);
        if (goal.Mode == EswitchMode.Switchdev)
        {
            RepresentorPlanner.Plan(goal, state, draft);
        }
    }

    private static void ChangeMode(NicGoal goal, HostState state, PlanDraft draft)
    {
        PhysicalFunction pf = goal.Pf;
        ImmutableArray<RefusalReason> refused =
            [.. state.Refusals.Where(refusal => refusal.Pf == pf.Address).Select(refusal => refusal.Reason)];
        // What this driver said counts more than what is known of its kind.
        VfsAtModeChange rule = refused.Contains(RefusalReason.NeedsVfsFirst) ? VfsAtModeChange.First
            : refused.Contains(RefusalReason.NeedsNoVfs) ? VfsAtModeChange.None
            : pf.Model.ModeChange.Vfs;
        bool noVfs = rule == VfsAtModeChange.None;
        if (refused.Contains(RefusalReason.NeedsVfsFirst) && refused.Contains(RefusalReason.NeedsNoVfs))
        {
            draft.Object(ObjectionKind.Unsupported, pf.Address.ToString(),
                "the driver refused to change the e-switch's mode with VFs and without: "
                    + string.Join("; ", state.Refusals.Where(fact => fact.Pf == pf.Address).Select(fact => fact.Words)),
                goal.Nic.Source["mode"]);
            return;
        }

        bool keep = !noVfs && goal.VfsNow > 0 && goal.VfsNow == goal.Vfs;
        if (!keep && goal.VfsNow > 0)
        {
            RemoveVfs(goal, draft, noVfs
                ? "the driver changes the mode only without VFs"
                : $"{CountReason(goal)}, and the kernel changes the number only through 0");
        }

        if (!keep && rule == VfsAtModeChange.First && goal.Vfs > 0)
        {
            CreateVfs(goal, draft, "the driver changes the mode only while there are VFs");
            Switch(goal, draft);
            VfPlanner.BindNew(goal, draft);
            Await(goal, draft);
            return;
        }

        string? unbind = !keep ? null
            : draft.BindsAfterBond(pf.Address) ? "VF-LAG becomes active only while no VF is bound"
            : refused.Contains(RefusalReason.BusyWhileVfsAreBound)
                ? "the driver changes the mode only while no VF is bound"
            : EswitchPlanner.ChangesInlineMode(goal) ? InlineNeedsBinding
            : null;
        ImmutableArray<VirtualFunction> bound =
            unbind is null ? [] : [.. pf.VirtualFunctions.Where(vf => vf.Driver is not null)];
        Unbind(goal, bound, unbind ?? "", draft);
        Switch(goal, draft);
        if (!keep && goal.Vfs > 0)
        {
            CreateVfs(goal, draft, CountReason(goal));
            VfPlanner.BindNew(goal, draft);
        }

        Await(goal, draft);
        Rebind(goal, bound, draft);
    }

    private static void Unbind(NicGoal goal, ImmutableArray<VirtualFunction> vfs, string why, PlanDraft draft)
    {
        foreach (VirtualFunction vf in vfs)
        {
            draft.Add(
                new SetVfDriver(goal.Pf.Address, vf.Index, vf.Driver, null, vf.DriverOverride, vf.DriverOverride)
                {
                    Later = new VfBinding(vf.Index, vf.Driver!, vf.DriverOverride),
                },
                why,
                vf.Devices.Select(device => $"{device} goes away until its driver is bound again"));
        }
    }

    private static void Rebind(NicGoal goal, ImmutableArray<VirtualFunction> vfs, PlanDraft draft)
    {
        foreach (VirtualFunction vf in vfs)
        {
            draft.Add(
                new SetVfDriver(goal.Pf.Address, vf.Index, null, vf.Driver, vf.DriverOverride, vf.DriverOverride),
                "the previous driver of the VF");
        }
    }

    private static void Switch(NicGoal goal, PlanDraft draft)
    {
        PhysicalFunction pf = goal.Pf;
        if (goal.Steering is { } wanted && pf.Mode == EswitchMode.Switchdev)
        {
            draft.Add(
                new SetEswitchMode(pf.Address, EswitchMode.Switchdev, EswitchMode.Legacy)
                {
                    Again = goal.Mode == EswitchMode.Switchdev ? EswitchMode.Switchdev : null,
                },
                "the steering mode can be changed in legacy mode only", Flap(pf));
            draft.Add(new SetSteeringMode(pf.Address, pf.SteeringMode.Value, wanted),
                $"the configuration sets steering to {wanted}");
            if (goal.Mode == EswitchMode.Switchdev)
            {
                draft.Add(new SetEswitchMode(pf.Address, EswitchMode.Legacy, EswitchMode.Switchdev),
                    "back to switchdev mode");
                EswitchPlanner.Plan(goal, draft);
            }

            return;
        }

        if (goal.Steering is { } steering)
        {
            draft.Add(new SetSteeringMode(pf.Address, pf.SteeringMode.Value, steering),
                "it can be set only before switchdev mode");
        }

        draft.Add(new SetEswitchMode(pf.Address, pf.Mode!.Value, goal.Mode!.Value),
            goal.Mode == EswitchMode.Switchdev
                ? "in legacy mode there are no representors, so no flow can be offloaded"
                : "the configuration sets mode to legacy; the representors go away",
            Flap(pf));
        EswitchPlanner.Plan(goal, draft);
    }

    /// <summary>The steering mode of a PF that stays in legacy mode; the next switchdev mode will have it.</summary>
    private static void SetSteering(NicGoal goal, PlanDraft draft)
    {
        if (goal.Steering is { } wanted)
        {
            draft.Add(new SetSteeringMode(goal.Pf.Address, goal.Pf.SteeringMode.Value, wanted),
                $"the configuration sets steering to {wanted}");
        }
    }

    private static string CountReason(NicGoal goal) => goal.Nic.Vfs is null
        ? $"there were {goal.Vfs} VFs before"
        : $"the configuration sets vfs to {goal.Vfs}";

    /// <summary>What a change that makes the driver open its channels anew disrupts, for people.</summary>
    public static IEnumerable<string> Flap(PhysicalFunction pf) =>
        pf.Uplink is null ? [] : [$"{pf.Uplink.Name} may lose its link for a moment"];

    private static void Await(NicGoal goal, PlanDraft draft)
    {
        if (goal.Mode == EswitchMode.Switchdev && goal.Vfs > 0)
        {
            draft.Add(new WaitForRepresentors(goal.Pf.Address, goal.Vfs),
                "representors appear asynchronously; nothing can be set on them before");
        }
    }

    private static void RemakeVfs(NicGoal goal, PlanDraft draft)
    {
        if (goal.VfsNow > 0)
        {
            RemoveVfs(goal, draft, $"{CountReason(goal)}, and the kernel changes the number only through 0");
        }

        if (goal.Vfs > 0)
        {
            CreateVfs(goal, draft, CountReason(goal));
            VfPlanner.BindNew(goal, draft);
            Await(goal, draft);
        }
    }

    private static void RemoveVfs(NicGoal goal, PlanDraft draft, string why) =>
        draft.Add(
            new SetVfCount(goal.Pf.Address, goal.VfsNow, 0, goal.Pf.VirtualFunctions)
            {
                Autoprobe = goal.Pf.DriversAutoprobe.ValueOr(true),
                Again = goal.Vfs > 0 ? goal.Vfs : null,
            },
            why,
            goal.Pf.VirtualFunctions.SelectMany(vf => vf.Devices).Select(device => $"{device} goes away")
                .Concat(VfPlanner.Losses(goal)));

    /// <summary>Makes VFs and gives them their addresses; no driver has them yet.</summary>
    private static void CreateVfs(NicGoal goal, PlanDraft draft, string why)
    {
        if (goal.Pf is { Model.NeedsPfUpForVfs: true, Uplink.Up: false })
        {
            draft.Add(new SetLinkUp(new UplinkOf(goal.Pf.Address), false, true),
                "the driver creates VFs only while the PF is up");
        }

        bool autoprobe = goal.Pf.DriversAutoprobe.ValueOr(false);
        if (autoprobe)
        {
            draft.Add(new SetDriversAutoprobe(goal.Pf.Address, true, false),
                "the VFs must have their MAC addresses before a driver binds to them");
        }

        draft.Add(
            new SetVfCount(goal.Pf.Address, 0, goal.Vfs, []) { Bindings = VfPlanner.BindingsOfNew(goal) }, why);
        VfPlanner.ConfigureNew(goal, draft);
        if (autoprobe)
        {
            draft.Add(new SetDriversAutoprobe(goal.Pf.Address, false, true), "restores the previous value");
        }
    }
}
