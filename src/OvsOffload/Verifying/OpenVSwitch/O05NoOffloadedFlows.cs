using OvsOffload.Flows;
using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Verifying;

/// <summary>There is traffic, and the NIC carries no flow of it, or refuses most.</summary>
internal sealed class O05NoOffloadedFlows : SwitchCheck
{
    public override CheckInfo Info { get; } = new(
        "O05",
        "no-offloaded-flows",
        CheckSeverity.Error,
        "flows are not offloaded",
        """
        The flows themselves prove offload. ovs-appctl dpctl/dump-flows -m shows where each one is processed: with
        offloaded:yes in the NIC; dp:tc without it means that tc accepted the flow and the NIC rejected it, so it is
        processed in the kernel's tc; dp:ovs means that Open vSwitch did not pass it to tc, or tc rejected it.

        A flow that tc accepted and the NIC rejected leaves no line in ovs-vswitchd's log: the reason is in the kernel
        log, if the driver wrote one, or appears when the same rule is added manually with skip_sw. A flow that stayed
        in the datapath has its reason in ovs-vswitchd's log ("failed to offload flow"), for most at level debug.

        Some flows can never be offloaded: the host's own traffic (from or to an internal port, such as an address on
        the bridge), guests on ports that are on no NIC, what goes to a controller. They do not count, wherever they
        are. Of the others, flows that are only in software are a warning, flows that the NIC rejected an error, and a
        few rejected flows next to offloaded ones info.
        """);

    public override ObservationParts Needs => ObservationParts.Flows;

    protected override IEnumerable<Finding> Examine(OpenVSwitchDatabase database, Observation input)
    {
        OpenVSwitchState openVSwitch = input.State.OpenVSwitch;
        if (!input.OffloadExpected)
        {
            return [Skip(Objects.Switch, $"offload is not expected: {input.OffloadReason}")];
        }

        if (!database.OffloadConfigured)
        {
            return [Skip(Objects.Switch, "hw-offload is not configured: see O01")];
        }

        if (openVSwitch.HwOffload.ValueOrDefault() is { IsActive: false })
        {
            return [Skip(Objects.Switch, "hw-offload is not active: see O02")];
        }

        if (database.Settings.TcPolicy == TcPolicy.SkipHw)
        {
            return [Skip(Objects.Switch, "tc-policy=skip_hw disables hardware offload: see O03")];
        }

        return input.Flows.Match(
            flows => flows.IsEmpty
                ? [Skip(Objects.Switch, "there is no datapath")]
                : flows.Select(facts => Evaluate(facts, input)),
            why => [Skip(Objects.Switch, why)],
            why => [Skip(Objects.Switch, $"ovs-appctl dpctl/dump-flows: {why}")]);
    }

    private Finding Evaluate(DatapathFlows facts, Observation input)
    {
        FlowCounts flows = facts.Flows;
        string subject = $"datapath {facts.Datapath}";
        string evidence = $"dpctl/dump-flows -m {facts.Datapath}: {flows.Offloaded} offloaded, {flows.Partial} "
            + $"partially, {flows.TcNotInHardware} in tc but not in the NIC, {flows.Software} in software"
            + (facts.Truncated ? " (truncated dump)" : "");
        if (flows.Total == 0)
        {
            return Skip(subject, "there are no flows: generate traffic and run it again");
        }

        if (flows.Total == flows.Unknown)
        {
            return Skip(subject, "the dump does not contain the state of its flows");
        }

        long carried = flows.Offloaded + flows.Partial;
        long rejected = flows.TcNotInHardware - facts.Expected.TcNotInHardware;
        long kept = flows.Software - facts.Expected.Software;
        long expected = facts.Expected.TcNotInHardware + facts.Expected.Software;
        if (expected > 0)
        {
            evidence += $"; {expected} of them cannot be offloaded (the host's own traffic, ports on no NIC, ..)";
        }

        if (rejected > 0)
        {
            var refusal = OffloadRefusal.OfNic(input.State);
            return Found(
                carried == 0 ? FindingStatus.Error
                    : rejected > carried ? FindingStatus.Warning
                    : FindingStatus.Info,
                subject,
                $"the NIC rejected {rejected} of {flows.Total} flows",
                $"{evidence}{Filters(input.State)}{refusal.Evidence}",
                refusal.Cause,
                refusal.Fix);
        }

        if (carried > 0)
        {
            return Ok(subject, evidence);
        }

        if (kept <= 0)
        {
            return Skip(subject, $"{evidence}: generate traffic of guests and run it again");
        }

        var words = OffloadRefusal.OfSwitch(input.State);
        return Found(FindingStatus.Warning, subject, $"none of {kept} flows is in tc",
            evidence + words.Evidence, words.Cause, words.Fix);
    }

    private static string Filters(HostState state) => state.Filters.TryGet(out FlowerCounts filters)
        ? $"; tc filters: {filters.InHardware} in_hw, {filters.NotInHardware} not_in_hw"
        : "";
}
