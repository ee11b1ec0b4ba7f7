using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;

namespace OvsOffload.Planning;

/// <summary>Plans the e-switch's inline mode and encap mode, which stand after the mode and before any flow.</summary>
internal static class EswitchPlanner
{
    /// <summary>Whether the inline mode has to be raised: ConnectX-4 and ConnectX-4 Lx.</summary>
    public static bool ChangesInlineMode(NicGoal goal) =>
        goal.Mode == EswitchMode.Switchdev
        && goal.Pf.Model.NeedsInlineTransport
        && goal.Pf.Eswitch.IsKnown
        && goal.Pf.Eswitch.Value.InlineMode is not (null or EswitchInlineMode.Transport);

    /// <summary>Adds the steps for one PF.</summary>
    public static void Plan(NicGoal goal, PlanDraft draft)
    {
        if (goal.Mode != EswitchMode.Switchdev || !goal.Pf.Eswitch.IsKnown)
        {
            return;
        }

        Eswitch eswitch = goal.Pf.Eswitch.Value;
        if (ChangesInlineMode(goal))
        {
            draft.Add(new SetInlineMode(goal.Pf.Address, eswitch.InlineMode!.Value, EswitchInlineMode.Transport),
                $"{goal.Pf.Model.Name} matches on ports only when the VF's driver puts the transport header into the "
                    + "descriptor");
        }

        EswitchEncapMode? wanted = goal.Nic.Encap switch
        {
            EncapChoice.Basic => EswitchEncapMode.Basic,
            EncapChoice.None => EswitchEncapMode.None,
            _ => null,
        };
        if (wanted is { } encap && eswitch.EncapMode is { } now && now != encap)
        {
            draft.Add(new SetEncapMode(goal.Pf.Address, now, encap),
                $"the configuration sets encap to {encap.ToName()}",
                "existing tunnel flows keep the driver from changing it");
        }
    }
}
