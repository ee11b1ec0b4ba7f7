using OvsOffload.Host;
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
        The proof of offload is the flows themselves. ovs-appctl dpctl/dump-flows -m shows for each who carries it: with
        offloaded:yes the NIC does; dp:tc without that word means that tc took the flow and the NIC refused it, so it
        runs in the kernel's tc; dp:ovs means that Open vSwitch did not hand it to tc, or tc refused it.

        A flow that tc took and the NIC refused leaves no line in ovs-vswitchd's log: the reason is in the kernel's log,
        if the driver wrote one, or is seen by adding the same rule by hand with skip_sw. A flow that stayed in the
        datapath has its reason in ovs-vswitchd's log ("failed to offload flow"), at level debug for most.

        Some flows can never be offloaded: those from or to internal ports, and those that go up to a controller. So
        flows in software alone are a warning, flows that the NIC refused an error, and a refused few beside offloaded
        ones info.
        """);

    public override bool NeedsFlows => true;

    protected override IEnumerable<Finding> Examine(OpenVSwitchDatabase database, VerifyInput input)
    {
        OpenVSwitchState openVSwitch = input.State.OpenVSwitch;
        if (!input.WantsOffload)
        {
            return [Skip(Objects.Switch, $"offload is not wanted: {input.WhyOffload}")];
        }

        if (!VerifyInput.IsOffloadConfigured(database))
        {
            return [Skip(Objects.Switch, "hw-offload is not set: see O01")];
        }

        if (openVSwitch.HwOffload.ValueOrDefault() is { InForce: false })
        {
            return [Skip(Objects.Switch, "hw-offload has no effect: see O02")];
        }

        if (database.OtherConfig.GetValueOrDefault("tc-policy") == "skip_hw")
        {
            return [Skip(Objects.Switch, "tc-policy=skip_hw keeps every flow out of the NIC: see O03")];
        }

        return input.Flows.Match(
            flows => flows.IsEmpty
                ? [Skip(Objects.Switch, "there is no datapath yet")]
                : flows.Select(facts => Judge(facts, input)),
            why => [Skip(Objects.Switch, why)],
            why => [Skip(Objects.Switch, $"ovs-appctl dpctl/dump-flows: {why}")]);
    }

    private Finding Judge(FlowFacts facts, VerifyInput input)
    {
        var flows = facts.Flows;
        string subject = $"datapath {facts.Datapath}";
        string evidence = $"dpctl/dump-flows -m {facts.Datapath}: {flows.Offloaded} offloaded, {flows.Partial} partly, "
            + $"{flows.TcNotInHardware} in tc and not in the NIC, {flows.Software} in software"
            + (facts.Truncated ? " (of a dump that is not whole)" : "");
        if (flows.Total == 0)
        {
            return Skip(subject, "there are no flows at this moment: send traffic and ask again");
        }

        if (flows.Total == flows.Unknown)
        {
            return Skip(subject, "the dump does not say who carries its flows");
        }

        long carried = flows.Offloaded + flows.Partial;
        if (flows.TcNotInHardware > 0)
        {
            OffloadRefusal refusal = OffloadRefusal.OfNic(input.State);
            return Found(
                carried == 0 ? FindingStatus.Error
                    : flows.TcNotInHardware > carried ? FindingStatus.Warning
                    : FindingStatus.Info,
                subject,
                $"the NIC refused {flows.TcNotInHardware} of {flows.Total} flows that tc took",
                $"{evidence}{Filters(input.State)}{refusal.Evidence}",
                refusal.Cause,
                refusal.Fix);
        }

        if (carried > 0)
        {
            return Ok(subject, evidence);
        }

        OffloadRefusal kept = OffloadRefusal.OfSwitch(input.State);
        return Found(FindingStatus.Warning, subject, $"none of {flows.Software} flows was handed to tc",
            evidence + kept.Evidence, kept.Cause, kept.Fix);
    }

    private static string Filters(HostState state) => state.Filters.TryGet(out var filters)
        ? $"; tc filters: {filters.InHardware} in_hw, {filters.NotInHardware} not_in_hw"
        : "";
}
