using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Planning;

/// <summary>
/// Plans Open vSwitch: the settings that decide over offload, and the restart that some of them need.
/// </summary>
internal static class SwitchPlanner
{
    /// <summary>Adds the steps for Open vSwitch.</summary>
    public static void Plan(
        HostIntent intent, HostState state, ImmutableDictionary<PfReference, PhysicalFunction> functions,
        Stage stage, PlanDraft draft)
    {
        OpenVSwitchIntent wanted = intent.OpenVSwitch;
        ImmutableArray<BridgeIntent> bridges =
            [.. intent.Bridges.Where(bridge => bridge.Managed == Management.Full)];
        bool settings = wanted.Settings.Any();
        if (!settings && bridges.IsEmpty)
        {
            return;
        }

        if (!state.OpenVSwitch.Database.TryGet(out OpenVSwitchDatabase? database))
        {
            draft.Object(ObjectionKind.Unreadable, "Open vSwitch",
                $"its database does not answer: {state.OpenVSwitch.Database.Why}; start Open vSwitch first",
                settings ? wanted.Source.Section : bridges[0].Source.Section);
            return;
        }

        Options(wanted, database, state, draft);
        BridgePlanner.Plan(bridges, intent, state, database, functions, stage, draft);
    }

    private static void Options(
        OpenVSwitchIntent wanted, OpenVSwitchDatabase database, HostState state, PlanDraft draft)
    {
        SwitchSettings now = database.Settings;
        foreach (WantedSetting setting in wanted.Settings.Where(setting => !setting.IsMetBy(now)))
        {
            Set(
                setting.Key, setting.Value,
                setting.Key == SwitchSettings.HwOffloadKey && wanted.HwOffload == true
                    ? "without it ovs-vswitchd hands no flow to tc"
                    : $"the configuration sets {setting.Key} to {setting.Configured}",
                database, state, draft);
        }

        Restart(SwitchRestart.Why(wanted, state.OpenVSwitch), wanted.Restart, draft);
    }

    /// <summary>Adds the step for a setting; where it begins offload, also for the flows that are there.</summary>
    /// <param name="key">The key of other_config.</param>
    /// <param name="value">Its value; null removes it.</param>
    /// <param name="why">The reason, in one sentence.</param>
    /// <param name="database">What the database has.</param>
    /// <param name="state">The host.</param>
    /// <param name="draft">Takes the steps.</param>
    public static void Set(
        string key, string? value, string why, OpenVSwitchDatabase database, HostState state, PlanDraft draft)
    {
        draft.Add(new SetSwitchOption(key, database.OtherConfig.GetValueOrDefault(key), value), why);
        if (key == SwitchSettings.HwOffloadKey && SwitchSettings.IsTrue(value) && state.OpenVSwitch.Daemon.IsKnown
            && database.Bridges.Any(bridge => bridge.Ports.Count > 1))
        {
            draft.Add(new PurgeFlows(), "cached flows stay in software until they are reinstalled",
                "the next packet of every flow goes through ovs-vswitchd once");
        }
    }

    /// <summary>Adds the restart, or says that the operator has to do it.</summary>
    /// <param name="why">Why it is needed; null where it is not.</param>
    /// <param name="policy">Whether the program may.</param>
    /// <param name="draft">Takes the step.</param>
    public static void Restart(string? why, RestartPolicy policy, PlanDraft draft)
    {
        if (why is not null && policy == RestartPolicy.Auto)
        {
            draft.Add(new RestartSwitch(), why,
                "every port loses its ingress qdisc for a moment, so traffic goes through software or waits",
                "rules in hardware outlive the daemon until it is back");
        }
        else if (why is not null)
        {
            draft.AddPending($"restart of ovs-vswitchd: {why}; restart it by hand, or set openvswitch.restart: auto");
        }
    }
}
