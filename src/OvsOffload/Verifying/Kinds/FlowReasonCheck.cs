using OvsOffload.Flows;
using OvsOffload.Host;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Verifying;

/// <summary>A check of one reason for which flows of the running switch are not offloaded.</summary>
internal abstract class FlowReasonCheck : SwitchCheck
{
    /// <inheritdoc/>
    public sealed override ObservationParts Needs => ObservationParts.Flows;

    /// <summary>The reason.</summary>
    protected abstract FlowReason Reason { get; }

    /// <summary>What mends it.</summary>
    protected abstract string Fix { get; }

    /// <inheritdoc/>
    protected sealed override IEnumerable<Finding> Examine(OpenVSwitchDatabase database, Observation input) =>
        !input.OffloadExpected
            ? [Skip(Objects.Switch, $"offload is not expected: {input.OffloadReason}")]
            : input.Flows.Match(
                flows => flows.IsEmpty
                    ? [Skip(Objects.Switch, "there is no datapath")]
                    : flows.Select(Evaluate),
                why => [Skip(Objects.Switch, why)],
                why => [Skip(Objects.Switch, $"ovs-appctl dpctl/dump-flows: {why}")]);

    private Finding Evaluate(DatapathFlows facts)
    {
        string subject = $"datapath {facts.Datapath}";
        if (facts.Reasons.IsDefault)
        {
            return Skip(subject, "the reasons of flows were not collected");
        }

        if (facts.Flows.Total == 0 || facts.Flows.Total == facts.Flows.Unknown)
        {
            return Skip(subject, "there are no flows with a known state: generate traffic and run it again");
        }

        FlowReasonInfo info = FlowReasons.Of(Reason);
        long found = facts.Reasons.Where(count => count.Reason == Reason).Sum(count => count.Flows);
        string evidence = $"dpctl/dump-flows -m {facts.Datapath}: {found} of {facts.Flows.Total} flows: {info.Word}"
            + (facts.Truncated ? " (truncated dump)" : "");
        return found == 0
            ? Ok(subject, evidence)
            : Found(Severity, subject, Info.Title, evidence, info.Sentence.TrimEnd('.'), Fix);
    }
}
