using OvsOffload.Nics;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Flows;

/// <summary>
/// Whether a check of the packet's length (check_pkt_len) goes into hardware. Open vSwitch passes it to tc since 3.0
/// (TC_ACT_POLICE_MTU in lib/tc.c), unless one of its branches goes to the CPU; mlx5 takes it by "police mtu".
/// </summary>
internal static class LengthCheckRules
{
    private const string Unsure =
        "Open vSwitch before 3.0 does not pass it to tc, later versions not with a branch to the CPU";

    private const string UnsureOfNic = "the NIC's driver needs police mtu: mlx5 from Linux 6.3 and ConnectX-6 Dx on";

    private static readonly Version FirstOfSwitch = new(3, 0);

    /// <summary>Looks at the action, when both branches have been read.</summary>
    public static void Apply(
        ReadOnlySpan<byte> action, FlowReasonFacts facts, in FlowShape shape, ref FlowVerdict verdict)
    {
        if (shape.Userspace || shape.State == FlowState.Partial)
        {
            return;
        }

        string? why = shape.State == FlowState.TcNotInHardware ? OfNic(facts, shape) : OfSwitch(facts, shape);
        if (why is Unsure or UnsureOfNic)
        {
            verdict.NotKnown = why;
        }

        if (why is not null)
        {
            verdict.Consider(FlowReason.CheckPktLen, action, why);
        }
    }

    private static string? OfSwitch(FlowReasonFacts facts, in FlowShape shape) => facts.OvsVersion switch
    {
        null => Unsure,
        var version when version < FirstOfSwitch => "Open vSwitch before 3.0 does not pass it to tc",
        _ when shape.LengthCheckUsesCpu => "one of its branches sends packets to the CPU, which tc cannot",
        _ when facts.TcPolicy == TcPolicy.None => null,
        _ => OfNic(facts, shape),
    };

    private static string? OfNic(FlowReasonFacts facts, in FlowShape shape) =>
        (NicRules.Does(shape.Nic, NicFeature.PoliceMtu), NicRules.IsOldKernel(
            facts, shape.Nic, NicFeature.PoliceMtu)) switch
        {
            (false, _) => "the NIC does not support police mtu; ConnectX-6 Dx and later do",
            (_, true) => "the kernel is older than the one that brought police mtu (mlx5: 6.3)",
            (true, false) => null,
            _ => UnsureOfNic,
        };
}
