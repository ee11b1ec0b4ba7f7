using OvsOffload.Flows;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Verifying;

/// <summary>A check of one reason for which flows of the running switch are not offloaded.</summary>
internal abstract class FlowReasonCheck : SwitchCheck
{
    /// <inheritdoc/>
    public sealed override bool NeedsFlows => true;

    /// <summary>The reason.</summary>
    protected abstract FlowReason Reason { get; }

    /// <summary>What mends it.</summary>
    protected abstract string Fix { get; }

    /// <inheritdoc/>
    protected sealed override IEnumerable<Finding> Examine(OpenVSwitchDatabase database, VerifyInput input) =>
        !input.WantsOffload
            ? [Skip(Objects.Switch, $"offload is not wanted: {input.WhyOffload}")]
            : input.Flows.Match(
                flows => flows.IsEmpty
                    ? [Skip(Objects.Switch, "there is no datapath yet")]
                    : flows.Select(Judge),
                why => [Skip(Objects.Switch, why)],
                why => [Skip(Objects.Switch, $"ovs-appctl dpctl/dump-flows: {why}")]);

    private Finding Judge(FlowFacts facts)
    {
        string subject = $"datapath {facts.Datapath}";
        if (facts.Reasons.IsDefault)
        {
            return Skip(subject, "why flows are not offloaded was not asked for");
        }

        if (facts.Flows.Total == 0 || facts.Flows.Total == facts.Flows.Unknown)
        {
            return Skip(subject, "there are no flows at this moment whose state is known: send traffic and ask again");
        }

        FlowReasonInfo info = FlowReasons.Of(Reason);
        long found = facts.Reasons.Where(count => count.Reason == Reason).Sum(count => count.Flows);
        string evidence = $"dpctl/dump-flows -m {facts.Datapath}: {found} of {facts.Flows.Total} flows: {info.Word}"
            + (facts.Truncated ? " (of a dump that is not whole)" : "");
        return found == 0
            ? Ok(subject, evidence)
            : Found(Severity, subject, Info.Title, evidence, info.Sentence.TrimEnd('.'), Fix);
    }
}
