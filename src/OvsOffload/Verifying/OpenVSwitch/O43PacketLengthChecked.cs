using System.Collections.Immutable;
using OvsOffload.Flows;
using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.Nics;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Verifying;

/// <summary>OpenFlow rules check the length of packets.</summary>
internal sealed class O43PacketLengthChecked : SwitchCheck
{
    public override CheckInfo Info { get; } = new(
        "O43",
        "packet-length-checked",
        CheckSeverity.Warning,
        "OpenFlow rules check the length of packets",
        """
        OVN's gateway_mtu, and OVN-Kubernetes by default, add check_pkt_larger to the OpenFlow rules, so that
        packets above the MTU get an ICMP error. In the datapath it becomes check_pkt_len. Open vSwitch passes
        that to tc from version 3.0 on, not if a branch of it goes to the controller, as OVN's does; mlx5 takes
        it from Linux 6.3 and ConnectX-6 Dx on. Otherwise everything that passes the check stays in software:
        often all traffic of guests to the outside.

        OVN-Kubernetes: --disable-pkt-mtu-check. OVN: remove options:gateway_mtu from the logical router ports,
        or set gateway_mtu_bypass for the traffic that does not need it; the MTU of guests then has to fit the
        path.
        """);

    /// <summary>The first version that gives check_pkt_len to tc (lib/netdev-offload-tc.c).</summary>
    private static readonly Version First = new(3, 0);

    public override ObservationParts Needs => ObservationParts.OpenFlow;

    protected override IEnumerable<Finding> Examine(OpenVSwitchDatabase database, Observation input)
    {
        if (!input.OffloadExpected)
        {
            return [Skip(Objects.Switch, $"offload is not expected: {input.OffloadReason}")];
        }

        if (!input.OpenFlow.TryGet(out ImmutableArray<ConntrackRules> rules))
        {
            return [Skip(Objects.Switch, input.OpenFlow.IsFailed
                ? $"bridge/dump-flows: {input.OpenFlow.Why}"
                : "the OpenFlow rules are read by verify on the host only")];
        }

        bool? able = CanOffload(input.State);
        Finding[] found =
        [
            .. rules.Where(one => one.LengthChecks > 0).Select(one => Found(
                able == true ? FindingStatus.Info : Severity,
                $"bridge {one.Bridge}",
                $"{one.LengthChecks} OpenFlow rules of {one.Bridge} check the length of packets",
                $"ovs-ofctl dump-flows {one.Bridge}: {one.LengthChecks} rules with check_pkt_larger",
                able switch
                {
                    true => "it goes into hardware here, unless a branch of it goes to the controller",
                    false => "it cannot be offloaded here, so all traffic that passes it stays in software",
                    null => "whether it can be offloaded here is not known; where it cannot, all traffic that passes "
                        + "it stays in software",
                },
                "OVN-Kubernetes: --disable-pkt-mtu-check; OVN: remove options:gateway_mtu from the logical router "
                    + "ports, or set gateway_mtu_bypass")),
        ];
        return found.Length > 0
            ? found
            : [Ok(Objects.Switch, $"bridge/dump-flows: no rule with check_pkt_larger on {rules.Length} bridges")];
    }

    /// <summary>Whether Open vSwitch, every NIC and the kernel can; null where one of them is not known to.</summary>
    private static bool? CanOffload(HostState state)
    {
        bool?[] parts =
        [
            HostFlowFacts.LogOf(state).Version is { } version ? version >= First : null,
            .. state.KnownFunctions.Where(pf => pf.Mode == EswitchMode.Switchdev).Select(pf => CanOffload(pf, state)),
        ];
        return parts.Contains(false) ? false : parts.Contains(null) ? null : true;
    }

    private static bool? CanOffload(PhysicalFunction pf, HostState state) =>
        pf.Model[NicFeature.PoliceMtu] switch
        {
            SupportLevel.Full => !state.Kernel.Predates(pf.Model, NicFeature.PoliceMtu),
            SupportLevel.Undocumented => null,
            _ => false,
        };
}
