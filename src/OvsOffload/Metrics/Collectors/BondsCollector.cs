using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.Sysfs;

namespace OvsOffload.Metrics;

/// <summary>Collector <c>bonds</c>: bonds of uplinks, whether each is in hardware, and what LACP says.</summary>
internal static class BondsCollector
{
    private static readonly ImmutableArray<VfLagState> States = [.. Enum.GetValues<VfLagState>()];

    /// <summary>The bits of an LACP state, by their names in IEEE 802.1AX.</summary>
    private static readonly ImmutableArray<(LacpState Bit, string Word)> LacpBits =
    [
        (LacpState.Activity, "activity"), (LacpState.Timeout, "short_timeout"), (LacpState.Aggregation, "aggregation"),
        (LacpState.Synchronization, "synchronization"), (LacpState.Collecting, "collecting"),
        (LacpState.Distributing, "distributing"), (LacpState.Defaulted, "defaulted"), (LacpState.Expired, "expired"),
    ];

    private static readonly MetricFamily VfLag = MetricFamily.Gauge(
        "bond_vf_lag_state", "State of VF-LAG: 1 for the proven state; unknown if none is proven",
        "bond", "state");

    private static readonly MetricFamily Members = MetricFamily.Gauge("bond_members", "Members of the bond", "bond");

    private static readonly MetricFamily MembersActive = MetricFamily.Gauge(
        "bond_members_active", "Members of the bond that are active", "bond");

    private static readonly MetricFamily Info = MetricFamily.Gauge(
        "bond_info", "Properties of the bond: always 1", "bond", "mode", "profile");

    private static readonly MetricFamily MemberFailures = MetricFamily.Counter(
        "bond_member_link_failures_total", "Link failures of the member since it joined the bond", "bond", "device");

    private static readonly MetricFamily LacpPartner = MetricFamily.Gauge(
        "bond_lacp_partner_info", "LACP partner of the bond's active aggregator; absent while no partner answers: "
            + "always 1",
        "bond", "partner");

    private static readonly MetricFamily LacpPorts = MetricFamily.Gauge(
        "bond_lacp_aggregator_ports", "Members in the bond's active aggregator", "bond");

    private static readonly MetricFamily MemberAggregator = MetricFamily.Gauge(
        "bond_member_lacp_aggregator_info", "Aggregator of the member: always 1", "bond", "device", "aggregator");

    private static readonly MetricFamily MemberLacp = MetricFamily.Gauge(
        "bond_member_lacp_state", "Bits of the member's LACP state, actor and partner", "bond", "device",
        "side", "bit");

    private static readonly MetricFamily MemberChurned = MetricFamily.Gauge(
        "bond_member_lacp_churned", "Whether the member failed to find an aggregator in time "
            + "(churned)", "bond", "device", "side");

    /// <summary>Its name and families.</summary>
    public static CollectorDeclaration Declaration { get; } = CollectorDeclaration.Of(
        "bonds",
        [
            VfLag, Members, MembersActive, Info, MemberFailures, LacpPartner, LacpPorts, MemberAggregator, MemberLacp,
            MemberChurned,
        ],
        (sources, cancellation) => sources.Probes.BondsAsync(sources.Host(), cancellation),
        Samples);

    /// <summary>The samples.</summary>
    /// <exception cref="CollectorException">Something of a bond could not be read.</exception>
    public static IEnumerable<Sample> Samples(ImmutableArray<BondFacts> bonds) => bonds.SelectMany(Samples);

    private static IEnumerable<Sample> Samples(BondFacts facts)
    {
        BondState bond = facts.Bond;
        foreach (VfLagState state in States)
        {
            yield return VfLag.Of(state == bond.VfLag.State, bond.Name, state.ToString().ToLowerInvariant());
        }

        yield return Members.Of(bond.Members.Length, bond.Name);
        yield return MembersActive.Of(bond.Active.Count(), bond.Name);
        yield return Info.Of(1, bond.Name, bond.Mode?.ToName() ?? "", facts.Profile ?? "");
        if (bond.Aggregator is { } aggregator)
        {
            yield return LacpPorts.Of(aggregator.Ports, bond.Name);
            if (!aggregator.PartnerAddress.IsZero)
            {
                yield return LacpPartner.Of(1, bond.Name, aggregator.PartnerAddress.ToString());
            }
        }

        foreach (Sample sample in bond.Members.SelectMany(member => OfMember(bond.Name, member)))
        {
            yield return sample;
        }
    }

    private static IEnumerable<Sample> OfMember(string bond, BondMember member)
    {
        string device = member.Device.Name;
        yield return MemberFailures.Of(member.Slave.LinkFailures, bond, device);
        if (member.Slave.AggregatorId is { } aggregator)
        {
            yield return MemberAggregator.Of(1, bond, device, $"{aggregator}");
        }

        (string Side, LacpState? State)[] sides =
            [("actor", member.Slave.ActorState), ("partner", member.Slave.PartnerState)];
        foreach ((string? side, LacpState? state) in sides)
        {
            foreach ((LacpState bit, string? word) in state is null ? [] : LacpBits)
            {
                yield return MemberLacp.Of(state!.Value.HasFlag(bit), bond, device, side, word);
            }
        }

        if (member.Churn.OrNull($"churn of {device}") is { } churn)
        {
            yield return MemberChurned.Of(churn.ActorChurn == BondChurn.Churned, bond, device, "actor");
            yield return MemberChurned.Of(churn.PartnerChurn == BondChurn.Churned, bond, device, "partner");
        }
    }
}
