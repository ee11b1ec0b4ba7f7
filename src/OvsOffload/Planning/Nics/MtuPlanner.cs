using OvsOffload.Host;
using OvsOffload.Netlink;

namespace OvsOffload.Planning;

/// <summary>
/// Plans the MTU of a PF's uplink, and of the representors of its VFs, which follow it. It comes after bonds: what
/// leaves one gets the MTU that it had before (__bond_release_one in drivers/net/bonding/bond_main.c).
/// </summary>
internal static class MtuPlanner
{
    /// <summary>Adds the steps for one PF.</summary>
    public static void Plan(NicGoal goal, HostState state, PlanDraft draft)
    {
        if (goal.Nic.Mtu is not { } wanted || goal.Pf.Uplink is not { } uplink)
        {
            return;
        }

        // At no moment is a representor's MTU above the uplink's, which would drop packets without a word.
        bool lowers = wanted < uplink.Mtu;
        if (!lowers)
        {
            SetUplink(goal, uplink, wanted, state, draft);
        }

        if (goal.Mode == EswitchMode.Switchdev)
        {
            SetRepresentors(goal, wanted, state.OpenVSwitch, draft);
        }

        if (lowers)
        {
            SetUplink(goal, uplink, wanted, state, draft);
        }
    }

    private static void SetUplink(NicGoal goal, NetDevice uplink, int wanted, HostState state, PlanDraft draft)
    {
        if (uplink.Mtu == wanted)
        {
            return;
        }

        // The kernel lowers VLAN devices with the device below, and raises none (vlan_device_event, net/8021q/vlan.c).
        draft.Add(
            new SetMtu(new UplinkOf(goal.Pf.Address), uplink.Mtu, wanted),
            $"the configuration sets mtu to {wanted}",
            [
                .. NicPlanner.Flap(goal.Pf),
                .. state.Devices.ValueOr([])
                    .Where(device => device.Lower == uplink.Index && device.Vlan is not null && device.Mtu > wanted)
                    .Select(vlan => $"{vlan.Name} on top of it goes from MTU {vlan.Mtu} to {wanted}, and undoing this "
                        + "does not raise it again"),
            ]);
    }

    private static void SetRepresentors(NicGoal goal, int wanted, OpenVSwitchState openVSwitch, PlanDraft draft)
    {
        bool anew = goal.ChangesVfs || goal.ChangesMode;
        var others = new List<string>();
        for (int vf = 0; vf < goal.Vfs; vf++)
        {
            NetDevice? device = anew ? null : goal.Pf.RepresentorOf(vf)?.Device;
            int now = device?.Mtu ?? SetMtu.OfNewDevice;
            if ((device is null && !anew) || now == wanted)
            {
                continue;
            }

            // Where the database does not answer, an agent may have asked for another one, as RepresentorPlanner notes.
            if (device is not null && openVSwitch.Database.IsFailed)
            {
                continue;
            }

            if (device is not null && openVSwitch.MtuRequestOf(device) is { } request && request != wanted)
            {
                others.Add($"{device.Name} ({request})");
                continue;
            }

            draft.Add(
                new SetMtu(new RepresentorOf(goal.Pf.Address, vf), now, wanted),
                $"representors have the MTU of their uplink, which the configuration sets to {wanted}");
        }

        if (others.Count > 0)
        {
            draft.Note($"the MTU of {string.Join(", ", others)} is left unchanged: Open vSwitch keeps what "
                + "mtu_request of its Interface sets, and another program set that");
        }
    }
}
