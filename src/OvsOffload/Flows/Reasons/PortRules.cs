using OvsOffload.Nics;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Flows;

/// <summary>Reasons that lie in where a flow comes from and goes to.</summary>
internal static class PortRules
{
    /// <summary>Looks at the port that the flow comes from.</summary>
    public static void Input(FlowReasonFacts facts, ref FlowShape shape, ref FlowVerdict verdict)
    {
        if (shape.Userspace || !facts.Ports.TryFind(shape.InPortName, out FlowPort? port))
        {
            shape.Nic = shape.Userspace ? null : facts.Elsewhere;
            return;
        }

        shape.InPort = port;
        shape.Nic = port.Nic is null ? null : port;
        if (port.Kind == FlowPortKind.Internal)
        {
            verdict.Consider(FlowReason.FromInternalPort, shape.InPortName);
        }
        else if (port.Kind == FlowPortKind.OutsideNic)
        {
            verdict.Consider(FlowReason.FromPortOutsideNic, shape.InPortName);
        }

        if (port.LacksQdisc && shape.State == FlowState.Software)
        {
            verdict.Consider(FlowReason.IngressQdiscMissing, shape.InPortName, "the device has no ingress qdisc");
        }

        Offload(port, shape.InPortName, ref verdict);
    }

    /// <summary>Looks at a port that the flow goes to.</summary>
    public static void Output(
        ReadOnlySpan<byte> name, FlowReasonFacts facts, ref FlowShape shape, ref FlowVerdict verdict)
    {
        shape.Outputs++;
        if (name.SequenceEqual(shape.InPortName))
        {
            verdict.Consider(FlowReason.ToItself, name);
        }

        if (shape.Userspace || !facts.Ports.TryFind(name, out FlowPort? port))
        {
            return;
        }

        shape.Nic ??= port.Nic is null ? null : port;
        switch (port.Kind)
        {
            case FlowPortKind.Internal:
                verdict.Consider(FlowReason.ToInternalPort, name);
                break;
            case FlowPortKind.OutsideNic:
                verdict.Consider(FlowReason.ToPortOutsideNic, name);
                break;
            case FlowPortKind.Uplink when shape.InPort is { Kind: FlowPortKind.Uplink } from && from != port:
                verdict.Consider(FlowReason.BetweenUplinks, name);
                break;
        }

        if (shape.InPort?.SwitchId is { } here && port.SwitchId is { } there && here != there)
        {
            verdict.Consider(FlowReason.DifferentNics, name);
        }
        else if (shape.InPort is { } one && IsBetweenPorts(one, port)
            && (shape.State == FlowState.TcNotInHardware || facts.TcPolicy == TcPolicy.SkipSw))
        {
            verdict.Consider(FlowReason.PortsNotBonded, name);
        }

        Offload(port, name, ref verdict);
    }

    /// <summary>Whether the NIC cannot forward since the two are of two ports of the card, neither of which knows the
    /// other (mlx5e_is_valid_eswitch_fwd_dev, mlx5/core/en_tc.c).</summary>
    private static bool IsBetweenPorts(FlowPort from, FlowPort to) =>
        from is { Pf: { } here, SwitchId: not null, JoinedPorts: false } && to.Pf is { } there && here != there
        && to.SwitchId == from.SwitchId
        && (from.Kind, to.Kind) switch
        {
            (FlowPortKind.Uplink, FlowPortKind.Uplink) => false,
            (FlowPortKind.Representor, FlowPortKind.Representor) =>
                NicRules.Does(from, NicFeature.MergedEswitch) == false,
            _ => true,
        };

    private static void Offload(FlowPort port, ReadOnlySpan<byte> name, ref FlowVerdict verdict)
    {
        if (port.KeptInSoftware is { } words)
        {
            verdict.Consider(FlowReason.PortKeptInSoftware, name, words);
        }

        if (port.Switchdev == false)
        {
            verdict.Consider(FlowReason.SwitchdevOff, name);
        }

        if (port.HwTcOffload == false && port.Kind is FlowPortKind.Representor or FlowPortKind.Uplink)
        {
            verdict.Consider(FlowReason.HwTcOffloadOff, name);
        }
    }
}
