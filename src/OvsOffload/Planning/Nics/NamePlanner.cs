using OvsOffload.Host;
using OvsOffload.Intent;

namespace OvsOffload.Planning;

/// <summary>
/// Plans the udev rules of one PF, before its VFs are made: names are given when devices appear. Where there is no udev
/// nothing is planned.
/// </summary>
internal static class NamePlanner
{
    /// <summary>Adds the step where the rules are not as they should be.</summary>
    public static void Plan(NicIntent nic, PhysicalFunction pf, HostState state, PlanDraft draft)
    {
        var goal = NicGoal.Of(nic, pf, state);
        if (goal.Vfs == 0 || !pf.NameRules.TryGet(out string? now) || NameRules.StemOf(pf) is not { } stem)
        {
            return;
        }

        string wanted = NameRules.Of(pf, stem, goal.Vfs);
        if (now != wanted)
        {
            draft.Add(
                new SetNameRules(pf.Address, now, wanted),
                "representors get names that stay, and NetworkManager and systemd-networkd leave them and the VFs "
                    + "alone");
        }

        if (goal.Mode == Netlink.EswitchMode.Switchdev && NameRules.TooLong(stem, goal.Vfs) is var count and > 0)
        {
            draft.Note($"{pf.Address}: {count} representors keep the kernel's names, because {stem}rN has more than 15 "
                + "characters");
        }
    }
}
