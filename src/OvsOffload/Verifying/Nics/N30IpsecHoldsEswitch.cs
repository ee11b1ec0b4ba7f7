using OvsOffload.Host;

namespace OvsOffload.Verifying;

/// <summary>The last apply met an e-switch whose mode IPsec offload holds.</summary>
internal sealed class N30IpsecHoldsEswitch : ModeRefusedCheck
{
    /// <summary>mlx5 eswitch_offloads.c, mlx5_devlink_eswitch_mode_set.</summary>
    private const string Phrase = "IPsec SA";

    public override CheckInfo Info { get; } = new(
        "N30",
        "ipsec-holds-eswitch",
        CheckSeverity.Warning,
        "IPsec offload blocks the change of the e-switch mode",
        """
        mlx5 does not change the e-switch's mode while an IPsec security association or policy is offloaded to the card:
        "Can't change eswitch mode when IPsec SA and/or policies are configured". Conversely, a device with offloaded
        IPsec accepts no tc rules, so both cannot be used on one port.

        It appears only when the mode is changed, so the check goes by the result of the last apply since boot.
        """);

    protected override string Why => "IPsec is offloaded to the card";

    protected override string Cause =>
        "IPsec security associations or policies are offloaded to the PF";

    protected override string Fix(PhysicalFunction pf) =>
        "remove them (ip xfrm state and ip xfrm policy show those with \"crypto offload\" or \"packet offload\" on "
        + $"{pf.Uplink?.Name ?? "the PF's device"}), then ovs-offload apply";

    protected override bool Matches(string words) => Mentions(words);

    /// <summary>Whether a driver's words are about IPsec.</summary>
    internal static bool Mentions(string words) => words.Contains(Phrase, StringComparison.OrdinalIgnoreCase);
}
