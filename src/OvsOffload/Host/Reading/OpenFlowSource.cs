using System.Collections.Immutable;
using OvsOffload.Flows;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;

namespace OvsOffload.Host;

/// <summary>Reads the OpenFlow rules of the switch once, before the checks look at them.</summary>
internal static class OpenFlowSource
{
    /// <summary>Those with conntrack, of every bridge; absent without Open vSwitch.</summary>
    public static async Task<Reading<ImmutableArray<ConntrackRules>>> ReadAsync(
        UnixctlClient unixctl, HostState state, CancellationToken cancellation)
    {
        if (!state.OpenVSwitch.Database.TryGet(out OpenVSwitchDatabase? database))
        {
            return state.OpenVSwitch.Database.IsAbsent
                ? Reading.Absent<ImmutableArray<ConntrackRules>>(state.OpenVSwitch.Database.Why)
                : Reading.Failed<ImmutableArray<ConntrackRules>>(state.OpenVSwitch.Database.Why);
        }

        ImmutableArray<ConntrackRules>.Builder rules = ImmutableArray.CreateBuilder<ConntrackRules>();
        try
        {
            foreach (OvsBridge bridge in database.Bridges)
            {
                var counter = new ConntrackRuleCounter(bridge.Name);
                await unixctl.StreamAsync("bridge/dump-flows", [bridge.Name], counter.Add, cancellation);
                rules.Add(counter.Rules);
            }

            return Reading.Known(rules.ToImmutable());
        }
        catch (OpenVSwitchException failure)
        {
            return Reading.Failed<ImmutableArray<ConntrackRules>>(failure.Message);
        }
    }
}
