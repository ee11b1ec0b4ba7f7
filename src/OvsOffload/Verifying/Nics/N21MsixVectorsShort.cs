using OvsOffload.Host;

namespace OvsOffload.Verifying;

/// <summary>The card has too few interrupts for its VFs.</summary>
internal sealed class N21MsixVectorsShort : KernelLogCheck
{
    public override CheckInfo Info { get; } = new(
        "N21",
        "msix-vectors-short",
        CheckSeverity.Warning,
        "there are too few interrupt vectors for the VFs",
        """
        Each VF takes MSI-X vectors out of one store of the card. With many VFs there are few for each, or none: ice
        writes "Not enough device MSI-X vectors", mlx5 "failed to set MSI-X vector counts VF". A VF with few vectors has
        few queues and is slow; one without any does not work.

        Fewer VFs, or more vectors for each in the firmware (NUM_VF_MSIX on NVIDIA cards), which costs the number of VFs
        that are possible.
        """);

    /// <summary>ice_sriov.c; mlx5/core/sriov.c, mlx5_device_enable_sriov.</summary>
    protected override IReadOnlyList<string> Words { get; } =
        ["Not enough device MSI-X vectors", "failed to set MSI-X vector counts VF", "Not enough MSI-X"];

    protected override string Cause => "the card's interrupt vectors do not suffice for this number of VFs";

    protected override string Fix(PhysicalFunction? pf, VerifyInput input) =>
        $"fewer VFs; or mstconfig -d {pf?.Address.ToString() ?? "PF"} set NUM_VF_MSIX=n (NVIDIA) and a cold reboot";
}
