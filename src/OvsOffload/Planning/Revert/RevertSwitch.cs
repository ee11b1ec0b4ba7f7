using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Planning;

/// <summary>Plans the way back of Open vSwitch's settings, from the record.</summary>
internal static class RevertSwitch
{
    private const string HwOffload = "hw-offload", TcPolicy = "tc-policy";

    /// <summary>Adds the steps.</summary>
    public static void Plan(HostIntent goal, HostState state, RecordedChanges changes, PlanDraft draft)
    {
        RecordedChange[] options = [.. changes.All.Where(change => change.Kind == ChangeKind.SwitchOption)];
        if (!state.OpenVSwitch.Database.TryGet(out OpenVSwitchDatabase? database))
        {
            if (options.Length > 0)
            {
                draft.Object(ObjectionKind.Unreadable, "Open vSwitch",
                    $"its database does not answer: {state.OpenVSwitch.Database.Why}; start Open vSwitch first, its "
                        + "settings are to be put back", null);
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
                draft.Note($"other_config:{option.Object} is {now ?? "not set"}, and this program set "
                    + $"{option.After ?? "nothing"}: somebody else has changed it, and it is left so");
                continue;
            }

            draft.Do(new SetSwitchOption(option.Object, now, option.Before),
                $"it was {option.Before ?? "not set"} before this program came");
            restart ??= Restart(option, database, state);
        }

        if (options.All(option => option.Object != HwOffload)
            && database.OtherConfig.GetValueOrDefault(HwOffload) == "true")
        {
            draft.Note("other_config:hw-offload is true, and there is no record that this program set it: it is left "
                + "so");
        }

        if (restart is not null && goal.OpenVSwitch.Restart == RestartPolicy.Auto)
        {
            draft.Do(new RestartSwitch(), restart, "every port is away from Open vSwitch for a moment");
        }
        else if (restart is not null)
        {
            draft.Wait($"restart of ovs-vswitchd: {restart}; restart it by hand, or set openvswitch.restart: auto");
        }
    }

    private static string? Restart(RecordedChange option, OpenVSwitchDatabase database, HostState state) =>
        (option.Object, state.OpenVSwitch.Daemon.IsKnown) switch
        {
            (HwOffload, true) when option.After == "true" =>
                "hw-offload that is no longer set takes effect only when ovs-vswitchd starts",
            (TcPolicy, true) when database.OtherConfig.GetValueOrDefault(HwOffload) == "true" =>
                "tc-policy is read once, when offload begins",
            _ => null,
        };
}
