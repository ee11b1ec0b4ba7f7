using OvsOffload.Host;

namespace OvsOffload.Verifying;

/// <summary>The last apply met an e-switch that refused to change its mode because it was in use.</summary>
internal sealed class N06EswitchBusy : ModeRefusedCheck
{
    /// <summary>What drivers say of it (mlx5 eswitch_offloads.c).</summary>
    private static readonly string[] BusyWords = ["busy", "EBUSY", "VFs are bound"];

    public override CheckInfo Info { get; } = new(
        "N06",
        "eswitch-busy",
        CheckSeverity.Error,
        "the e-switch refused to change its mode, it is busy",
        """
        A driver does not change the e-switch's mode while something holds it: tc filters that are being written, VFs
        that are bound to a driver, a firmware reset. mlx5 says "E-Switch is busy", with EBUSY or, while another
        operation has its lock, with EINVAL. Rate nodes, traps and IPsec hold it too, and say so: see N30 and N31.

        It cannot be told by looking, only by trying. So this check goes by what the last apply since the boot met, and
        by the mode of now: once the mode is as wanted, the refusal is history.
        """);

    protected override string Why => "it is busy";

    protected override string Cause =>
        "something holds the e-switch: tc filters, VFs that are bound to a driver, or another operation";

    protected override string Fix(PhysicalFunction pf) =>
        "stop what uses the VFs and remove leftover tc filters (tc qdisc del dev DEVICE ingress), then ovs-offload "
        + "apply";

    protected override bool IsMeant(string words) =>
        BusyWords.Any(word => words.Contains(word, StringComparison.OrdinalIgnoreCase))
        && !N30IpsecHoldsEswitch.Says(words) && !N31DevlinkHoldsEswitch.Says(words);

    protected override bool IsMeant(Refusal refusal) =>
        refusal.Reason == RefusalReason.BusyWhileVfsAreBound || IsMeant(refusal.Words);
}
