using OvsOffload.Host;
using OvsOffload.OpenVSwitch;
using OvsOffload.Platform;

namespace OvsOffload.Verifying;

/// <summary>Open vSwitch and the kernel disagree on how many flows are in hardware.</summary>
internal sealed class O34CountsDisagree : SwitchCheck
{
    public override CheckInfo Info { get; } = new(
        "O34",
        "counts-disagree",
        CheckSeverity.Warning,
        "Open vSwitch and tc report different numbers of offloaded flows",
        """
        ovs-vswitchd's "offloaded" comes from tc's flag in_hw. The kernel's own count of flower filters with that flag,
        read over netlink, is the cross-check. Both are read at slightly different times, and other programs can use
        flower filters too, so they never match exactly. If one is more than twice the other, and by more than 100, one
        of them is wrong: usually filters of an older ovs-vswitchd, or a truncated dump.
        """);

    /// <summary>What is below is within the time between both readings.</summary>
    private const long Tolerance = 100;

    public override ObservationParts Needs => ObservationParts.Flows;

    protected override IEnumerable<Finding> Examine(OpenVSwitchDatabase database, Observation input)
    {
        if (!input.OffloadExpected)
        {
            return [Skip(Objects.Switch, $"offload is not expected: {input.OffloadReason}")];
        }

        if (!input.Flows.IsKnown || !input.State.Filters.IsKnown)
        {
            return [Skip(Objects.Switch, input.Flows.IsKnown
                ? $"tc filters: {input.State.Filters.Why}"
                : $"ovs-appctl dpctl/dump-flows: {input.Flows.Why}")];
        }

        if (input.Flows.Value.Any(facts => facts.Truncated || facts.Flows.Unknown > 0))
        {
            return [Skip(Objects.Switch, "the flow dump is truncated or does not contain the flows' state")];
        }

        long told = input.Flows.Value.Sum(facts => facts.Flows.Offloaded + facts.Flows.Partial);
        long counted = input.State.Filters.Value.InHardware;
        string evidence = $"dpctl/dump-flows -m: {told} offloaded; tc filter show: {counted} flower filters in_hw";
        return Math.Abs(told - counted) > Tolerance && Math.Max(told, counted) > 2 * Math.Min(told, counted)
            ?
            [
                Found(FindingStatus.Warning, Objects.Switch, Info.Title, evidence,
                    told < counted
                        ? "tc has filters that this ovs-vswitchd does not know, from an older one or another program"
                        : "ovs-vswitchd counts flows as offloaded that tc no longer has",
                    input.Distribution.RestartOpenVSwitch()),
            ]
            : [Ok(Objects.Switch, evidence)];
    }
}
