using OvsOffload.Host;
using OvsOffload.Platform;

namespace OvsOffload.Verifying;

/// <summary>The firmware did not answer when a function was started.</summary>
internal sealed class P05EnableHcaTimeout : KernelLogCheck
{
    public override CheckInfo Info { get; } = new(
        "P05",
        "enable-hca-timeout",
        CheckSeverity.Error,
        "the firmware did not start a function",
        """
        When mlx5_core starts a PF or VF, it sends the firmware the command ENABLE_HCA. "ENABLE_HCA(0x104) timeout. Will
        cause a leak of a command resource" means that no answer came: the function's DMA did not get through, or the
        firmware is stuck. The VF then has no driver and no network device.

        The usual cause is the platform: the IOMMU, PCIe ARI and ACS have to be on in the BIOS, all three. After that
        comes old firmware. Once the PF has its VFs, such a line is history and told as info.
        """);

    /// <summary>mlx5/core/cmd.c, wait_func; mlx5/core/main.c, mlx5_function_enable.</summary>
    protected override IReadOnlyList<string> Words { get; } = ["ENABLE_HCA(0x104) timeout", "enable hca failed"];

    protected override string Cause =>
        "the card's commands do not get through: the IOMMU, ARI or ACS is off in the BIOS, or the firmware is stuck";

    protected override string Fix(PhysicalFunction? pf, VerifyInput input) =>
        "switch the IOMMU (VT-d, AMD-Vi), PCIe ARI and ACS on in the BIOS; then update the firmware (mstflint, mlxup) "
        + "and boot cold";

    protected override FindingStatus StatusOf(PhysicalFunction? pf, KernelLogRecord record, VerifyInput input) =>
        HasItsVfs(pf, input) ? FindingStatus.Info : Severity;
}
