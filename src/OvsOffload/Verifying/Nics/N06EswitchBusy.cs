using OvsOffload.Host;

namespace OvsOffload.Verifying;

/// <summary>The last apply met an e-switch that refused to change its mode because it was in use.</summary>
internal sealed class N06EswitchBusy : ModeRefusedCheck
{
    /// <summary>What drivers say of it (mlx5 eswitch_offloads.c).</summary>
    private static readonly string[] BusyPhrases = ["busy", "EBUSY", "VFs are bound"];

    public override CheckInfo Info { get; } = new(
        "N06",
        "eswitch-busy",
        CheckSeverity.Error,
        "the e-switch refused to change its mode: busy",
        """
        A driver does not change the e-switch's mode while it is in use: by tc filters that are being written, VFs that
        are bound to a driver, or a firmware reset. mlx5 says "E-Switch is busy", with EBUSY or, while another operation
        holds its lock, with EINVAL. Rate nodes, traps and IPsec block it too, with their own messages: see N30 and N31.

        The state cannot be read, only tried. So this check goes by the result of the last apply since boot and by the
        current mode: once the mode matches the configuration, the refusal is history.
        """);

    protected override string Why => "it is busy";

    protected override string Cause =>
        "the e-switch is in use by tc filters, by VFs that are bound to a driver, or by another operation";

    protected override string Fix(PhysicalFunction pf) =>
        "stop the users of the VFs and remove leftover tc filters (tc qdisc del dev DEVICE ingress), then ovs-offload "
        + "apply";

    protected override bool Matches(string words) =>
        BusyPhrases.Any(word => words.Contains(word, StringComparison.OrdinalIgnoreCase))
        && !N30IpsecHoldsEswitch.Mentions(words) && !N31DevlinkHoldsEswitch.Mentions(words);

    protected override bool Matches(Refusal refusal) =>
        refusal.Reason == RefusalReason.BusyWhileVfsAreBound || Matches(refusal.Words);
}
