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
        "the firmware failed to start a PCI function",
        """
        When mlx5_core starts a PF or VF, it sends the firmware the command ENABLE_HCA. "ENABLE_HCA(0x104) timeout. Will
        cause a leak of a command resource" means that no answer came: the function's DMA is blocked, or the firmware
        hangs. The VF then has no driver and no network device.

        The usual cause is the platform: the IOMMU, PCIe ARI and ACS all have to be enabled in the BIOS. The next is old
        firmware. Once the PF has its VFs, the line is history and reported as info.
        """);

    /// <summary>mlx5/core/cmd.c, wait_func; mlx5/core/main.c, mlx5_function_enable.</summary>
    protected override IReadOnlyList<string> Phrases { get; } = ["ENABLE_HCA(0x104) timeout", "enable hca failed"];

    protected override string Cause =>
        "the card's DMA is blocked because the IOMMU, ARI or ACS is disabled in the BIOS, or the firmware hangs";

    protected override string Fix(PhysicalFunction? pf, Observation input) =>
        "enable the IOMMU (VT-d, AMD-Vi), PCIe ARI and ACS in the BIOS; then update the firmware (mstflint, mlxup) "
        + "and do a cold reboot";

    protected override FindingStatus StatusOf(PhysicalFunction? pf, KernelLogRecord record, Observation input) =>
        HasExpectedVfs(pf, input) ? FindingStatus.Info : Severity;
}
