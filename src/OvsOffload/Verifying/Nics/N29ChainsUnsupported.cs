using OvsOffload.Host;

namespace OvsOffload.Verifying;

/// <summary>The driver has no tc chains and priorities.</summary>
internal sealed class N29ChainsUnsupported : KernelLogCheck
{
    public override CheckInfo Info { get; } = new(
        "N29",
        "chains-unsupported",
        CheckSeverity.Error,
        "the NIC does not support tc chains and priorities",
        """
        Open vSwitch passes flows that recirculate, such as those of tunnels and conntrack, to tc in chains. mlx5 needs
        firmware that can jump between tables for this (ignore_flow_level). Without it, it logs "Tc chains and
        priorities offload aren't supported, check firmware version, or mlxconfig settings" when entering switchdev mode
        and accepts rules of chain 0 and priority 1 only: flows with a recirculation stay in software.
        """);

    /// <summary>mlx5/core/lib/fs_chains.c, mlx5_chains_init.</summary>
    protected override IReadOnlyList<string> Phrases { get; } = ["Tc chains and priorities offload aren't supported"];

    protected override string Cause => "the firmware is too old or configured without it";

    protected override string Fix(PhysicalFunction? pf, Observation input) =>
        $"update the firmware of {pf?.Address.ToString() ?? "the card"} (mstflint, mlxup) and do a cold reboot; "
        + "mstconfig -d PF reset restores the default settings";
}
