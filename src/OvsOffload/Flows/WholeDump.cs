namespace OvsOffload.Flows;

/// <summary>What no line of a dump shows by itself.</summary>
/// <param name="recirculation">Which flows lead to which.</param>
/// <param name="nothingInTc">Not one flow is in tc, and the state of each is known.</param>
/// <param name="isDoca">It is of OVS-DOCA, where the userspace datapath is the one that offloads.</param>
internal sealed class WholeDump(RecircGraph recirculation, bool nothingInTc, bool isDoca)
{
    /// <summary>The reason of the flows that lead to a stage, all of them in software; null where hardware may lead to
    /// it.</summary>
    public FlowReason? RootOf(ulong recircId) =>
        recirculation.RootOf(recircId) is { } root ? Settle(root) : null;

    /// <summary>What a reason is, seen the whole dump.</summary>
    public FlowReason Settle(FlowReason reason) => reason switch
    {
        FlowReason.Unknown when nothingInTc => FlowReason.NothingInTc,
        FlowReason.UserspaceDatapath or FlowReason.UserspaceTunnel when isDoca => FlowReason.ProviderRefused,
        _ => reason,
    };

    /// <summary>A flow, seen the whole dump.</summary>
    public FlowRecord Settle(FlowRecord flow)
    {
        if (flow.Reason is not { } info)
        {
            return flow;
        }

        if (RecircGraph.CanFollow(info.Reason) && flow.RecircId != 0 && RootOf(flow.RecircId) is { } root)
        {
            return flow with
            {
                Reason = FlowReasons.Of(FlowReason.FollowOn),
                Source = ReasonSource.Inferred,
                NotKnown = null,
                Evidence = $"recirc_id(0x{flow.RecircId:x})",
                Message = $"only flows in software lead there: {FlowReasons.Of(root).Word}",
            };
        }

        FlowReason settled = Settle(info.Reason);
        return settled == info.Reason ? flow : flow with { Reason = FlowReasons.Of(settled) };
    }
}
