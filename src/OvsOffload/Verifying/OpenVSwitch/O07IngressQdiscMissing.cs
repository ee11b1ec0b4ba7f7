using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Verifying;

/// <summary>Ports have lost the ingress qdisc through which tc gets their flows.</summary>
internal sealed class O07IngressQdiscMissing : SwitchCheck
{
    public override CheckInfo Info { get; } = new(
        "O07",
        "ingress-qdisc-missing",
        CheckSeverity.Error,
        "tc has no ingress qdisc for a port",
        """
        ovs-vswitchd puts an ingress qdisc on each port when it begins to offload, and hands its flows to that. When
        another program takes the qdisc away (NetworkManager, a script with tc qdisc del, a bond made anew below the
        switch), every new flow from that port stays in software for good: ovs-vswitchd does not look again. Its log
        says "failed to offload flow: Invalid argument: PORT", and with some kernels "No such file or directory".

        Open vSwitch before 2.15 had faults of its own here.
        """);

    protected override IEnumerable<Finding> Examine(OpenVSwitchDatabase database, VerifyInput input)
    {
        if (!input.WantsOffload)
        {
            return [Skip(Objects.Switch, $"offload is not wanted: {input.WhyOffload}")];
        }

        if (!input.State.OpenVSwitch.HwOffload.TryGet(out HwOffloadEffect? effect))
        {
            return [Skip(Objects.Switch, $"tc qdisc show: {input.State.OpenVSwitch.HwOffload.Why}")];
        }

        if (!effect.InForce)
        {
            return [Skip(Objects.Switch, $"hw-offload is not in force ({effect.Evidence}): see O02")];
        }

        if (!effect.PortsWithoutQdisc.TryGet(out ImmutableArray<string> without))
        {
            return [Skip(Objects.Switch, $"tc qdisc show: {effect.PortsWithoutQdisc.Why}")];
        }

        return without.IsEmpty
            ? [Ok(Objects.Switch, $"every port has one; {effect.Evidence}")]
            :
            [
                .. without.Select(port => Found(
                    Severity, port, $"{port} has no ingress qdisc, so that none of its flows can be offloaded",
                    $"tc qdisc show dev {port}: no ingress qdisc; {effect.Evidence}",
                    "another program removed or replaced the ingress qdisc that ovs-vswitchd put on the port",
                    $"keep other programs off the ports (see N09), then put {port} back in (ovs-vsctl del-port, add-port) or "
                        + input.Distribution.RestartOpenVSwitch())),
            ];
    }
}
