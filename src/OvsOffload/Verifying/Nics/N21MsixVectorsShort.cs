using OvsOffload.Host;

namespace OvsOffload.Verifying;

/// <summary>The card has too few interrupts for its VFs.</summary>
internal sealed class N21MsixVectorsShort : KernelLogCheck
{
    public override CheckInfo Info { get; } = new(
        "N21",
        "msix-vectors-short",
        CheckSeverity.Warning,
        "too few interrupt vectors for the VFs",
        """
        The VFs share the card's pool of MSI-X vectors. With many VFs each gets few, or none: ice logs "Not enough
        device MSI-X vectors", mlx5 "failed to set MSI-X vector counts VF". A VF with few vectors has few queues and is
        slow; one without any does not work.

        Use fewer VFs, or more vectors per VF in the firmware (NUM_VF_MSIX on NVIDIA cards), which lowers the maximum
        number of VFs.
        """);

    /// <summary>ice_sriov.c; mlx5/core/sriov.c, mlx5_device_enable_sriov.</summary>
    protected override IReadOnlyList<string> Phrases { get; } =
        ["Not enough device MSI-X vectors", "failed to set MSI-X vector counts VF", "Not enough MSI-X"];

    protected override string Cause => "the card has too few interrupt vectors for this number of VFs";

    protected override string Fix(PhysicalFunction? pf, Observation input) =>
        $"use fewer VFs; or mstconfig -d {pf?.Address.ToString() ?? "PF"} set NUM_VF_MSIX=n (NVIDIA) and do a cold "
            + "reboot";
}
