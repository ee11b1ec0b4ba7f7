namespace OvsOffload.Verifying;

/// <summary>The NIC has no meters for the flows' police actions.</summary>
internal sealed class O20MetersRefused : RefusedFlowCheck
{
    public override CheckInfo Info { get; } = new(
        "O20",
        "meters-refused",
        CheckSeverity.Error,
        "the NIC does not support meters",
        """
        OpenFlow meters, and the policing that Open vSwitch derives from them, become police actions of flows. Meters in
        flows need ConnectX-6 Dx or later; older cards reject them with "Offload not supported when conform action is
        not pipe or ok" or similar. Policing a VF with ingress_policing_rate on its representor is different: it limits
        the whole VF and works on older cards too.
        """);

    /// <summary>mlx5/core/en/tc/act/police.c.</summary>
    protected override IReadOnlyList<string> Phrases { get; } =
    [
        "Offload not supported when conform",
        "Offload not supported when exceed",
        "Offload not supported when bytes per second",
    ];

    protected override string Cause =>
        "the flows use meters that this NIC generation does not support";

    protected override string Fix =>
        "use ingress_policing_rate on the representor, or ip link set PF vf N max_tx_rate, instead of meters; or "
        + "ConnectX-6 Dx or later";
}
