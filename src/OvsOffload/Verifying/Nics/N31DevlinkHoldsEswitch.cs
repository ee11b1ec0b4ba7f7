using OvsOffload.Host;

namespace OvsOffload.Verifying;

/// <summary>The last apply met an e-switch whose mode devlink rate nodes or traps hold.</summary>
internal sealed class N31DevlinkHoldsEswitch : ModeRefusedCheck
{
    /// <summary>net/devlink/rate.c, devlink_rate_nodes_check; mlx5 devlink.c.</summary>
    private static readonly string[] Words = ["Rate node", "traps are active"];

    public override CheckInfo Info { get; } = new(
        "N31",
        "devlink-holds-eswitch",
        CheckSeverity.Warning,
        "devlink rate nodes or traps keep the e-switch in its mode",
        """
        devlink can group functions under rate nodes and trap packets on the card. Both hang on the e-switch, and the
        kernel does not change its mode while they are there: "Rate node(s) exists", "Can't change mode while devlink
        traps are active". Something else on the host made them, such as a script for bandwidth limits.

        It shows only when the mode is to be changed, so the check goes by what the last apply since the boot met.
        """);

    protected override string Why => "devlink rate nodes or traps are there";

    protected override string Cause =>
        "rate nodes or traps were set up over devlink, and the kernel keeps the mode then";

    protected override string Fix(PhysicalFunction pf) =>
        $"devlink port function rate show pci/{pf.Address}, delete its nodes (devlink port function rate del "
        + $"pci/{pf.Address}/NODE), set its traps to drop, then ovs-offload apply";

    protected override bool IsMeant(string words) => Says(words);

    /// <summary>Whether a driver's words are about rate nodes or traps.</summary>
    internal static bool Says(string words) =>
        Words.Any(word => words.Contains(word, StringComparison.OrdinalIgnoreCase));
}
