using OvsOffload.Host;

namespace OvsOffload.Verifying;

/// <summary>The last apply met an e-switch whose mode devlink rate nodes or traps hold.</summary>
internal sealed class N31DevlinkHoldsEswitch : ModeRefusedCheck
{
    /// <summary>net/devlink/rate.c, devlink_rate_nodes_check; mlx5 devlink.c.</summary>
    private static readonly string[] Phrases = ["Rate node", "traps are active"];

    public override CheckInfo Info { get; } = new(
        "N31",
        "devlink-holds-eswitch",
        CheckSeverity.Warning,
        "devlink rate nodes or traps block the change of the e-switch mode",
        """
        devlink can group functions under rate nodes and trap packets on the card. The kernel does not change the
        e-switch's mode while either exists: "Rate node(s) exists", "Can't change mode while devlink traps are active".
        They were created by another program, such as a script for bandwidth limits.

        It appears only when the mode is changed, so the check goes by the result of the last apply since boot.
        """);

    protected override string Why => "devlink rate nodes or traps exist";

    protected override string Cause =>
        "devlink rate nodes or traps are configured on the PF";

    protected override string Fix(PhysicalFunction pf) =>
        $"devlink port function rate show pci/{pf.Address}, delete the nodes (devlink port function rate del "
        + $"pci/{pf.Address}/NODE), set the traps to drop, then ovs-offload apply";

    protected override bool Matches(string words) => Mentions(words);

    /// <summary>Whether a driver's words are about rate nodes or traps.</summary>
    internal static bool Mentions(string words) =>
        Phrases.Any(word => words.Contains(word, StringComparison.OrdinalIgnoreCase));
}
