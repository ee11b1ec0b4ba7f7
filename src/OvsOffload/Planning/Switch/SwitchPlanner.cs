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
        bool settings = wanted.HwOffload is not null || wanted.TcPolicy is not null || wanted.MaxIdle is not null;
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
        if (wanted.TcPolicy is { } policy && policy != now.TcPolicy)
        {
            Set(SwitchSettings.TcPolicyKey, policy.ToWord());
        }

        if (wanted.MaxIdle is { } idle && idle != now.MaxIdle)
        {
            Set(SwitchSettings.MaxIdleKey, SwitchSettings.Text(idle));
        }

        if (wanted.HwOffload is { } offload && offload != now.HwOffload)
        {
            Set(SwitchSettings.HwOffloadKey, SwitchSettings.Text(offload));
            if (offload && state.OpenVSwitch.Daemon.IsKnown && database.Bridges.Any(bridge => bridge.Ports.Count > 1))
            {
                draft.Do(new PurgeFlows(), "flows that are cached stay in software until they are set up anew",
                    "the next packet of every flow goes through ovs-vswitchd once");
            }
        }

        if (SwitchRestart.Why(wanted, state.OpenVSwitch) is not { } restart)
        {
            return;
        }

        if (wanted.Restart == RestartPolicy.Auto)
        {
            draft.Do(new RestartSwitch(), restart,
                "every port loses its ingress qdisc for a moment, so traffic goes through software or waits",
                "rules in hardware outlive the daemon until it is back");
        }
        else
        {
            draft.Wait($"restart of ovs-vswitchd: {restart}; restart it by hand, or set openvswitch.restart: auto");
        }

        void Set(string key, string value) => draft.Do(
            new SetSwitchOption(key, database.OtherConfig.GetValueOrDefault(key), value),
            key == SwitchSettings.HwOffloadKey && wanted.HwOffload == true
                ? "without it ovs-vswitchd hands no flow to tc"
                : $"{key}: {value} is wanted");
    }
}
