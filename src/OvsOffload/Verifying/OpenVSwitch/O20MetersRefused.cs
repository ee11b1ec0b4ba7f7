namespace OvsOffload.Verifying;

/// <summary>The NIC has no meters for the flows' police actions.</summary>
internal sealed class O20MetersRefused : RefusedFlowCheck
{
    public override CheckInfo Info { get; } = new(
        "O20",
        "meters-refused",
        CheckSeverity.Error,
        "the NIC cannot police flows",
        """
        OpenFlow meters, and policing that Open vSwitch makes of them, become police actions of flows. Meters in flows
        need ConnectX-6 Dx or later; older cards refuse with "Offload not supported when conform action is not pipe or
        ok" or similar words. The policing of a VF by ingress_policing_rate of its representor is another thing: it is a
        limit of the VF as a whole and works on older cards too.
        """);

    /// <summary>mlx5/core/en/tc/act/police.c.</summary>
    protected override IReadOnlyList<string> Words { get; } =
    [
        "Offload not supported when conform",
        "Offload not supported when exceed",
        "Offload not supported when bytes per second",
    ];

    protected override string Cause =>
        "the flows carry meters, or a form of them, that this generation of NIC does not have";

    protected override string Fix =>
        "ingress_policing_rate of the representor, or ip link set PF vf N max_tx_rate, instead of meters; or "
        + "ConnectX-6 Dx and later";
}
