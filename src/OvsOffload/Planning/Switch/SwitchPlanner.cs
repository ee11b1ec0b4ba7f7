using System.Collections.Immutable;
using System.Globalization;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Planning;

/// <summary>
/// Plans Open vSwitch: the settings that decide over offload, and the restart that some of them need.
/// </summary>
internal static class SwitchPlanner
{
    private const string HwOffload = "hw-offload", TcPolicyKey = "tc-policy", MaxIdle = "max-idle";

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
        bool offloads = IsTrue(database, HwOffload);
        bool policyChanges = wanted.TcPolicy is { } policy && Set(TcPolicyKey, Word(policy), "none");
        if (wanted.MaxIdle is { } idle)
        {
            // 10000 ms is ovs-vswitchd's own default (vswitch.xml, other_config:max-idle).
            Set(MaxIdle, ((long)idle.TotalMilliseconds).ToString(CultureInfo.InvariantCulture), "10000");
        }

        string? restart = policyChanges && offloads
            ? "tc-policy is read once, when offload begins"
            : null;
        if (wanted.HwOffload is { } offload)
        {
            bool changes = Set(HwOffload, offload ? "true" : "false", "false");
            bool running = state.OpenVSwitch.Daemon.IsKnown;
            if (changes && offload && running && database.Bridges.Any(bridge => bridge.Ports.Count > 1))
            {
                draft.Do(new PurgeFlows(), "flows that are cached stay in software until they are set up anew",
                    "the next packet of every flow goes through ovs-vswitchd once");
            }

            HwOffloadEffect? effect = state.OpenVSwitch.HwOffload.ValueOrDefault();
            if (!offload && running && (changes || effect is { InForce: true }))
            {
                restart = "hw-offload: false takes effect only when ovs-vswitchd starts"
                    + (effect is { InForce: true } ? $" ({effect.Evidence})" : "");
            }
            else if (offload && !changes && effect is { InForce: false })
            {
                restart = $"hw-offload is set and has no effect ({effect.Evidence})";
            }
        }

        if (restart is null)
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

        bool Set(string key, string value, string byDefault)
        {
            string? now = database.OtherConfig.GetValueOrDefault(key);
            if (now == value || (now is null && value == byDefault))
            {
                return false;
            }

            draft.Do(new SetSwitchOption(key, now, value), key switch
            {
                HwOffload when value == "true" => "without it ovs-vswitchd hands no flow to tc",
                _ => $"{key}: {value} is wanted",
            });
            return true;
        }
    }

    private static bool IsTrue(OpenVSwitchDatabase database, string key) =>
        database.OtherConfig.GetValueOrDefault(key) == "true";

    private static string Word(TcPolicy policy) => policy switch
    {
        TcPolicy.SkipSw => "skip_sw",
        TcPolicy.SkipHw => "skip_hw",
        _ => "none",
    };
}
