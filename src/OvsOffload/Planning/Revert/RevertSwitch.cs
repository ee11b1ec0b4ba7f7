using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Planning;

/// <summary>Plans the revert of Open vSwitch's settings, from the record.</summary>
internal static class RevertSwitch
{
    /// <summary>Adds the steps.</summary>
    public static void Plan(HostIntent goal, HostState state, RecordedChanges changes, PlanDraft draft)
    {
        RecordedChange[] options = [.. changes.All.Where(change => change.Kind == ChangeKind.SwitchOption)];
        if (!state.OpenVSwitch.Database.TryGet(out OpenVSwitchDatabase? database))
        {
            if (options.Length > 0)
            {
                draft.Object(ObjectionKind.Unreadable, "Open vSwitch",
                    $"its database does not answer: {state.OpenVSwitch.Database.Why}; start Open vSwitch first; its "
                        + "settings have to be restored", null);
            }

            return;
        }

        string? restart = null;
        foreach (RecordedChange option in options)
        {
            string? now = database.OtherConfig.GetValueOrDefault(option.Object);
            if (now == option.Before)
            {
                continue;
            }

            if (now != option.After)
            {
                draft.Note($"other_config:{option.Object} is {now ?? "not set"}, but ovs-offload set "
                    + $"{option.After ?? "nothing"}; changed by another program, left unchanged");
                continue;
            }

            SwitchPlanner.Set(
                option.Object, option.Before, $"it was {option.Before ?? "not set"} before ovs-offload changed it",
                database, state, draft);
            restart ??= Restart(option, state);
        }

        if (options.All(option => option.Object != SwitchSettings.HwOffloadKey) && database.OffloadConfigured)
        {
            draft.Note("other_config:hw-offload is true, not set by ovs-offload; left unchanged");
        }

        SwitchPlanner.Restart(restart, goal.OpenVSwitch.Restart, draft);
    }

    private static string? Restart(RecordedChange option, HostState state) => SwitchRestart.Why(
        option.Object switch
        {
            SwitchSettings.HwOffloadKey => new OpenVSwitchIntent { HwOffload = SwitchSettings.IsTrue(option.Before) },
            SwitchSettings.TcPolicyKey => new OpenVSwitchIntent { TcPolicy = TcPolicies.Of(option.Before) },
            _ => new OpenVSwitchIntent(),
        },
        state.OpenVSwitch);
}
