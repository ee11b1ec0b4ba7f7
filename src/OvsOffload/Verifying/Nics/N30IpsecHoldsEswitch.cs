using OvsOffload.Host;

namespace OvsOffload.Verifying;

/// <summary>The last apply met an e-switch whose mode IPsec offload holds.</summary>
internal sealed class N30IpsecHoldsEswitch : ModeRefusedCheck
{
    /// <summary>mlx5 eswitch_offloads.c, mlx5_devlink_eswitch_mode_set.</summary>
    private const string Words = "IPsec SA";

    public override CheckInfo Info { get; } = new(
        "N30",
        "ipsec-holds-eswitch",
        CheckSeverity.Warning,
        "IPsec offload keeps the e-switch in its mode",
        """
        An mlx5 card can offload IPsec, and does not change the e-switch's mode while a security association or a policy
        is offloaded to it: "Can't change eswitch mode when IPsec SA and/or policies are configured". The other way
        round, a device whose IPsec is offloaded takes no tc rules, so both on one port do not go together.

        It shows only when the mode is to be changed, so the check goes by what the last apply since the boot met.
        """);

    protected override string Why => "IPsec is offloaded to the card";

    protected override string Cause =>
        "security associations or policies with hardware offload stand on the PF, and the driver keeps the mode then";

    protected override string Fix(PhysicalFunction pf) =>
        $"take them away (ip xfrm state and ip xfrm policy show those with \"crypto offload\" or \"packet offload\" on "
        + $"{pf.Uplink?.Name ?? "the PF's device"}), then ovs-offload apply";

    protected override bool IsMeant(string words) => Says(words);

    /// <summary>Whether a driver's words are about IPsec.</summary>
    internal static bool Says(string words) => words.Contains(Words, StringComparison.OrdinalIgnoreCase);
}
