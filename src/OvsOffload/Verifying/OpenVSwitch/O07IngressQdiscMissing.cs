using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.OpenVSwitch;
using OvsOffload.Platform;

namespace OvsOffload.Verifying;

/// <summary>Ports have lost the ingress qdisc through which tc gets their flows.</summary>
internal sealed class O07IngressQdiscMissing : SwitchCheck
{
    public override CheckInfo Info { get; } = new(
        "O07",
        "ingress-qdisc-missing",
        CheckSeverity.Error,
        "a port has no ingress qdisc",
        """
        ovs-vswitchd creates an ingress qdisc on each port when it starts to offload, and adds its flows there. If
        another program deletes the qdisc (NetworkManager, a script with tc qdisc del, a bond recreated below the
        switch), every new flow from that port stays in software permanently: ovs-vswitchd does not check again. Its log
        says "failed to offload flow: Invalid argument: PORT", and with some kernels "No such file or directory". Open
        vSwitch before 2.15 had bugs here.

        Open vSwitch before 2.15 had faults of its own here.
        """);

    protected override IEnumerable<Finding> Examine(OpenVSwitchDatabase database, Observation input)
    {
        if (!input.OffloadExpected)
        {
            return [Skip(Objects.Switch, $"offload is not expected: {input.OffloadReason}")];
        }

        if (!input.State.OpenVSwitch.HwOffload.TryGet(out HwOffloadEffect? effect))
        {
            return [Skip(Objects.Switch, $"tc qdisc show: {input.State.OpenVSwitch.HwOffload.Why}")];
        }

        if (!effect.IsActive)
        {
            return [Skip(Objects.Switch, $"hw-offload is not active ({effect.Evidence}): see O02")];
        }

        if (!effect.PortsWithoutQdisc.TryGet(out ImmutableArray<string> without))
        {
            return [Skip(Objects.Switch, $"tc qdisc show: {effect.PortsWithoutQdisc.Why}")];
        }

        return without.IsEmpty
            ? [Ok(Objects.Switch, $"every port has an ingress qdisc; {effect.Evidence}")]
            :
            [
                .. without.Select(port => Found(
                    Severity, port, $"{port} has no ingress qdisc, so none of its flows can be offloaded",
                    $"tc qdisc show dev {port}: no ingress qdisc; {effect.Evidence}",
                    "another program deleted or replaced the ingress qdisc that ovs-vswitchd created",
                    $"exclude the ports from other programs (see N09), then add {port} again (ovs-vsctl del-port, "
                        + "add-port) or "
                        + input.Distribution.RestartOpenVSwitch())),
            ];
    }
}
