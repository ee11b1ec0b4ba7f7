using OvsOffload.Host;
using OvsOffload.Intent;

namespace OvsOffload.Planning;

/// <summary>What must be so before a PF may be touched; everything that is not becomes an objection.</summary>
internal static class NicPreconditions
{
    /// <summary>Whether the PF may be planned; otherwise the draft says why not.</summary>
    public static bool AreMet(
        NicIntent nic, PhysicalFunction pf, NicGoal goal, HostIntent intent, HostState state, PlanDraft draft)
    {
        // Not short-circuited: an operator wants to see everything that is in the way at once.
        return IsPossible(nic, pf, state, draft) & HasEnoughResources(nic, pf, draft) & IsFree(nic, pf, goal, draft)
            & IsUnprotected(nic, pf, goal, intent, state, draft) & MtuPreconditions.Hold(goal, intent, state, draft);
    }

    private static bool IsPossible(NicIntent nic, PhysicalFunction pf, HostState state, PlanDraft draft)
    {
        string name = pf.Address.ToString();
        bool switchdev = nic.Mode == NicMode.Switchdev;
        if (pf.Driver is null)
        {
            return No(ObjectionKind.Unreadable, "no driver is bound to this PF; load it (modprobe) and check dmesg",
                "pf");
        }

        if (switchdev && pf.PortType == PortType.Infiniband)
        {
            return No(ObjectionKind.Configuration,
                "the port is InfiniBand, and switchdev mode with Open vSwitch is for Ethernet; set the port's type in "
                    + "firmware (mstconfig set LINK_TYPE_P1=2) and reboot", "mode");
        }

        if (switchdev && !pf.Model.CanSwitchdev)
        {
            return No(ObjectionKind.Configuration,
                $"{pf.Model.Name} ({pf.Driver}) has no switchdev mode; use mode: legacy", "mode");
        }

        if (switchdev && pf.Uplink is null && !state.Devices.IsKnown)
        {
            return No(ObjectionKind.Refused,
                $"its network device could not be read, so what it carries is unknown: {state.Devices.Why}",
                "pf");
        }

        if (switchdev && pf.Uplink is null)
        {
            return No(ObjectionKind.Refused,
                "its network device is not in this network namespace, so it is in use elsewhere; move it back first",
                "pf");
        }

        if (nic.Mode is not null && pf.Eswitch.IsFailed)
        {
            return No(ObjectionKind.Unreadable, $"the e-switch's mode could not be read: {pf.Eswitch.Why}", "mode");
        }

        if (switchdev && pf.Eswitch.IsAbsent)
        {
            return No(ObjectionKind.Unsupported, $"there is no e-switch to set: {pf.Eswitch.Why}", "mode");
        }

        if (nic.Mode is not null && pf.Eswitch.IsKnown && pf.Mode is null)
        {
            return No(ObjectionKind.Unsupported, "the driver does not report its e-switch's mode, so it cannot be set",
                "mode");
        }

        if (nic.Steering != SteeringChoice.Keep && pf.SteeringMode.IsFailed)
        {
            return No(ObjectionKind.Unreadable, $"flow_steering_mode could not be read: {pf.SteeringMode.Why}",
                "steering");
        }

        if (nic.Steering != SteeringChoice.Keep && pf.SteeringMode.IsAbsent)
        {
            return No(ObjectionKind.Configuration,
                $"steering: {nic.Steering.ToString().ToLowerInvariant()} cannot be set: {pf.SteeringMode.Why}; use "
                    + "steering: keep", "steering");
        }

        return true;

        bool No(ObjectionKind kind, string text, string key)
        {
            draft.Object(kind, name, text, nic.Source[key]);
            return false;
        }
    }

    private static bool HasEnoughResources(NicIntent nic, PhysicalFunction pf, PlanDraft draft)
    {
        if (nic.Vfs is not { } wanted)
        {
            return true;
        }

        string? text = null;
        ObjectionKind kind = ObjectionKind.Configuration;
        if (pf.VfCount.IsFailed || pf.VfLimit.IsFailed)
        {
            kind = ObjectionKind.Unreadable;
            text = $"the number of VFs could not be read: {(pf.VfCount.IsFailed ? pf.VfCount.Why : pf.VfLimit.Why)}";
        }
        else if (wanted > 0 && (pf.VfLimit.IsAbsent || pf.VfLimit.Value == 0))
        {
            text = "the function offers no VFs (sriov_totalvfs); switch SR-IOV on in the BIOS and in the card's "
                + "firmware (mstconfig set SRIOV_EN=1 NUM_OF_VFS=..), then reboot";
        }
        else if (pf.VfLimit.IsKnown && wanted > pf.VfLimit.Value)
        {
            text = $"vfs: {wanted} is above the {pf.VfLimit.Value} that the firmware allows (sriov_totalvfs); lower "
                + "it, or raise NUM_OF_VFS in firmware (mstconfig) and reboot";
        }

        if (text is null)
        {
            return true;
        }

        draft.Object(kind, pf.Address.ToString(), text, nic.Source["vfs"]);
        return false;
    }

    private static bool IsFree(NicIntent nic, PhysicalFunction pf, NicGoal goal, PlanDraft draft)
    {
        if (!goal.ChangesMode && !goal.LosesVfs)
        {
            return true;
        }

        if (VfUsage.UnreadableReason(pf) is { } unread)
        {
            draft.Object(ObjectionKind.Unreadable, pf.Address.ToString(), unread, nic.Source["pf"]);
            return false;
        }

        bool free = true;
        if (goal.ChangesMode && VfUsage.RdmaUse(pf) is { } use)
        {
            draft.Object(ObjectionKind.Refused, pf.Address.ToString(),
                $"it {use}; changing the e-switch's mode removes its RDMA device. Stop its user first",
                nic.Source["mode"]);
            free = false;
        }

        foreach (VirtualFunction vf in pf.VirtualFunctions.Where(vf => vf.IsHeld))
        {
            string holder = VfUsage.HolderText(vf);
            string because = goal.ChangesMode ? "changing the e-switch's mode" : "changing the number of VFs";
            draft.Object(ObjectionKind.Refused, $"{pf.Address} vf{vf.Index}",
                $"{vf.Address} {holder}; {because} would remove it. Stop its user first",
                nic.Source[goal.ChangesMode ? "mode" : "vfs"]);
            free = false;
        }

        return free;
    }

    private static bool IsUnprotected(
        NicIntent nic, PhysicalFunction pf, NicGoal goal, HostIntent intent, HostState state, PlanDraft draft)
    {
        if (!goal.ChangesMode && !(goal.ChangesVfs && pf.Model.ResetsOnVfChange))
        {
            return true;
        }

        string what = goal.ChangesMode ? "changing the e-switch's mode" : "changing the number of VFs";
        if (pf.Uplink is null && !state.Devices.IsKnown && intent.Safety.Protect != ProtectionKind.None)
        {
            draft.Object(ObjectionKind.Refused, pf.Address.ToString(),
                $"{what} may cut the connection to this host: the network devices could not be read: "
                    + state.Devices.Why, nic.Source[goal.ChangesMode ? "mode" : "vfs"]);
            return false;
        }

        if (pf.Uplink is null || Protection.Of(pf.Uplink.Name, intent, state) is not { } protection)
        {
            return true;
        }

        draft.Object(protection.Kind, pf.Address.ToString(),
            protection.Refusal(pf.Uplink.Name, what), nic.Source[goal.ChangesMode ? "mode" : "vfs"]);
        return false;
    }
}
