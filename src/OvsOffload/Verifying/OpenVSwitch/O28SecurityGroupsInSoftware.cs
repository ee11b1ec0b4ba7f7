using System.Collections.Immutable;
using OvsOffload.Flows;
using OvsOffload.Host;
using OvsOffload.OpenVSwitch;
using OvsOffload.Planning;

namespace OvsOffload.Verifying;

/// <summary>Security groups keep traffic in software on a host where they ought to be off.</summary>
internal sealed class O28SecurityGroupsInSoftware : SwitchCheck
{
    private const string Fix =
        "set security-groups.backends: [cloudpods], [neutron] or [command] and run ovs-offload apply to disable them "
        + "on this host; or set Cloudpods disable_security_group: true, disable Neutron port security, or use "
        + "ConnectX-6 Dx or later. Disabling them removes the filtering";

    public override CheckInfo Info { get; } = new(
        "O28",
        "security-groups-in-software",
        CheckSeverity.Warning,
        "security groups prevent offload",
        """
        Security groups are conntrack rules. ConnectX-4 cannot offload conntrack, ConnectX-5 only in part, and a kernel
        without CONFIG_NET_ACT_CT, CONFIG_NET_TC_SKB_EXT or the driver's own option on no NIC: with security groups
        enabled, the guests' traffic stays in software on such hosts. security-groups.policy in the configuration
        controls them: auto disables by NIC and kernel, keep never, disable always. Cloud platforms can disable them,
        which also removes the filtering: that is the operator's decision.

        It is a warning if they should be disabled and flows of the datapath, or OpenFlow rules, still send packets
        through conntrack; the ports are listed. The service checks the datapath's flows only.
        """);

    public override ObservationParts Needs => ObservationParts.Flows | ObservationParts.OpenFlow;

    protected override IEnumerable<Finding> Examine(OpenVSwitchDatabase database, Observation input)
    {
        var decision = SecurityGroupDecision.Of(input.Intent, input.State);
        if (decision.Off is not { } off)
        {
            return [Skip(Objects.Switch, decision.Why)];
        }

        if (input.State.PhysicalFunctions.IsFailed)
        {
            return [Skip(Objects.Switch, Objects.UnreadableReason(input.State.PhysicalFunctions))];
        }

        if (Objects.UnreadableEswitch(input.State) is { } unread)
        {
            return [Skip(Objects.Switch, unread)];
        }

        if (!off && decision.Reason != "policy_keep")
        {
            return [Ok(Objects.Switch, decision.Why)];
        }

        // Where the operator keeps them on, what follows is told and is no fault.
        FindingStatus status = off ? FindingStatus.Warning : FindingStatus.Info;
        Finding[] found =
        [
            .. input.Flows.ValueOr([]).Where(facts => facts.Conntrack is { Flows: > 0 })
                .Select(facts => OfFlows(facts, decision, status)),
            .. input.OpenFlow.ValueOr([]).Where(rules => rules.Rules > 0)
                .Select(rules => OfRules(rules, database, decision, status)),
        ];
        if (found.Length > 0)
        {
            return found;
        }

        if (!input.Flows.TryGet(out ImmutableArray<DatapathFlows> flows)
            || flows.FirstOrDefault(facts => facts.Conntrack is null) is not null)
        {
            return [Skip(Objects.Switch, "dpctl/dump-flows: "
                + $"{(input.Flows.IsKnown ? "conntrack flows were not counted" : input.Flows.Why)}")];
        }

        return input.OpenFlow.IsFailed
            ? [Skip(Objects.Switch, $"bridge/dump-flows: {input.OpenFlow.Why}")]
            : [Ok(Objects.Switch, $"dpctl/dump-flows: no flow with ct; {Read(input)}")];
    }

    private static string Read(Observation input) => input.OpenFlow.IsKnown
        ? "bridge/dump-flows: no rule with ct"
        : input.OpenFlow.Why;

    private Finding OfFlows(DatapathFlows facts, SecurityGroupDecision decision, FindingStatus status)
    {
        ConntrackFlows flows = facts.Conntrack!;
        return Found(
            status, $"datapath {facts.Datapath}",
            $"{flows.Flows} flows still go through conntrack",
            $"dpctl/dump-flows -m {facts.Datapath}: {flows.Flows} flows with ct, from {Names(flows.Ports)}",
            decision.Why, Fix);
    }

    private Finding OfRules(
        ConntrackRules rules, OpenVSwitchDatabase database, SecurityGroupDecision decision, FindingStatus status)
    {
        OvsBridge? bridge = database.Bridges.FirstOrDefault(row => row.Name == rules.Bridge);
        string[] ports =
        [
            .. rules.Ports.Select(number => bridge?.Ports.SelectMany(port => port.Interfaces)
                .FirstOrDefault(row => $"{row.OfPort}" == number) is { } row
                    ? row.Name
                    : $"port {number}"),
        ];
        return Found(
            status, $"bridge {rules.Bridge}",
            $"{rules.Rules} OpenFlow rules still send packets through conntrack",
            $"ovs-ofctl dump-flows {rules.Bridge}: {rules.Rules} rules with ct in table "
                + $"{string.Join(", ", rules.Tables)}"
                + (ports.Length > 0 ? $", of {Names([.. ports])}" : ""),
            decision.Why, Fix);
    }

    private static string Names(ImmutableArray<string> ports) =>
        Objects.OneLine(string.Join(
            ", ", ports.Select(port => port.Length > 0 ? port : "any port").DefaultIfEmpty("any port")));
}
