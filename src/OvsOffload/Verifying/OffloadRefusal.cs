using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.System;

namespace OvsOffload.Verifying;

/// <summary>Why flows are not offloaded, as far as a log tells.</summary>
/// <param name="Evidence">The line of the log with <c>; </c> before it; empty without one.</param>
/// <param name="Cause">What it means.</param>
/// <param name="Fix">What mends it.</param>
internal sealed record OffloadRefusal(string Evidence, string Cause, string Fix)
{
    /// <summary>Words of drivers and tc, what they mean, and what mends it; the first that fits counts.</summary>
    private static readonly ImmutableArray<(string Words, string Cause, string Fix)> Known =
    [
        ("flow table is full", "the NIC's flow table is full", FewerFlows),
        ("No space left on device", "the NIC's flow table is full", FewerFlows),
        ("min inline setting", "the inline mode is too low for what the flows match on",
            "see N22: inline-mode transport"),
        ("ct offload isn't enabled", "the driver was built without ct offload", "see P10"),
        ("offload of ct action isn't available", "the driver was built without ct offload", "see P10"),
        ("not on same switch HW", "a flow goes from one NIC to another, which no NIC can carry",
            "keep the ports of one bridge on one card"),
        ("can't forward from a VF to itself", "a flow goes back to where it came from",
            "look for a loop in the bridge's rules"),
        ("can't support more output ports", "a flow goes to more ports than the NIC can copy to",
            "less flooding: MAC learning on, or fewer mirrors"),
        ("offloaded vxlan udp dport", "the tunnel's UDP port is not one that the NIC was told of", "use port 4789"),
        ("Unsupported key", "the flows match on a field that the NIC cannot match on", Rules),
        ("Unsupported action", "the flows do something that the NIC cannot do", Rules),
        ("isn't supported", "the flows ask for something that the NIC or driver cannot do", Rules),
        ("not supported", "the flows ask for something that the NIC or driver cannot do", Rules),
    ];

    private const string FewerFlows = "fewer flows: wider matches in the bridge's rules, a lower "
        + "other_config:max-idle or flow-limit; or a NIC with more room";

    private const string Rules =
        "change the bridge's rules so that the flows do without it, or a NIC and driver that can";

    /// <summary>What the kernel's log says of rules that tc gave to the NIC.</summary>
    public static OffloadRefusal OfNic(HostState state)
    {
        HashSet<string> drivers = [.. state.KnownFunctions.Select(pf => pf.Driver).OfType<string>()];
        KernelLogRecord[] ofNic =
        [
            .. state.Kernel.Log.ValueOr([])
                .Where(record => drivers.Any(driver => record.Text.Contains(driver, StringComparison.Ordinal))),
        ];
        return Explain([.. ofNic.Select(record => record.Text)], "kernel log")
            ?? new OffloadRefusal(
                state switch
                {
                    { PhysicalFunctions.IsFailed: true } => $"; {Objects.Unread(state.PhysicalFunctions)}",
                    { Kernel.Log.IsKnown: true } => "; kernel log: the driver wrote no reason",
                    _ => $"; kernel log: {state.Kernel.Log.Why}",
                },
                "the driver refused the rules and did not say why",
                "add one of the rules by hand to get the driver's words: tc filter add dev REPRESENTOR ingress "
                    + "protocol ip flower skip_sw .. action ..");
    }

    /// <summary>What ovs-vswitchd's log says of flows that it did not hand over.</summary>
    public static OffloadRefusal OfSwitch(HostState state)
    {
        string[] failures =
        [
            .. state.OpenVSwitch.Log.ValueOrDefault()?.Lines.Select(line => line.Message)
                .Where(message => message.Contains("offload", StringComparison.OrdinalIgnoreCase)) ?? [],
        ];
        string[] refused =
            [.. failures.Where(message => message.Contains("failed to offload", StringComparison.OrdinalIgnoreCase))];
        return Explain(failures, "ovs-vswitchd.log")
            ?? new OffloadRefusal(
                refused.Length > 0 ? $"; ovs-vswitchd.log: {refused[^1]}" : "; ovs-vswitchd.log: no reason in it",
                "the flows come from or go to ports that cannot be offloaded, or match on what tc cannot",
                "see each flow's reason: ovs-appctl vlog/set dpif_netlink:file:dbg, vlog/set "
                    + "netdev_offload_tc:file:dbg, then ovs-appctl revalidator/purge and the log");
    }

    private static OffloadRefusal? Explain(IReadOnlyList<string> lines, string log)
    {
        foreach (var (words, cause, fix) in Known)
        {
            if (lines.LastOrDefault(line => line.Contains(words, StringComparison.OrdinalIgnoreCase)) is { } line)
            {
                return new OffloadRefusal($"; {log}: {line}", cause, fix);
            }
        }

        return null;
    }
}
