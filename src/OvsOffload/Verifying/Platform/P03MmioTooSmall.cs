using OvsOffload.Host;
using OvsOffload.Platform;

namespace OvsOffload.Verifying;

/// <summary>The kernel found no room for the VFs' memory windows.</summary>
internal sealed class P03MmioTooSmall : KernelLogCheck
{
    public override CheckInfo Info { get; } = new(
        "P03",
        "mmio-too-small",
        CheckSeverity.Error,
        "the VFs' memory windows (BARs) do not fit",
        """
        Every VF has memory windows (BARs) through which the host or the guest accesses it, and the BIOS has to reserve
        address space below the slot for those of all VFs. If it did not, the kernel logs "not enough MMIO resources for
        SR-IOV", and a write to sriov_numvfs fails with "Cannot allocate memory" (ENOMEM), however much memory the
        machine has.

        The space is reserved in the BIOS ("Above 4G decoding", "MMIO high size", "SR-IOV support"), or by the kernel
        with pci=realloc. Once the PF has its VFs, the line is history and reported as info.
        """);

    /// <summary>drivers/pci/iov.c, sriov_enable.</summary>
    protected override IReadOnlyList<string> Phrases { get; } = ["not enough MMIO resources for SR-IOV"];

    protected override string Cause =>
        "the BIOS reserved too little address space below the slot for the BARs of all VFs";

    protected override string Fix(PhysicalFunction? pf, Observation input) =>
        "enable \"Above 4G decoding\" and SR-IOV in the BIOS, or "
        + input.Distribution.AddToCommandLine("pci=realloc");

    protected override FindingStatus StatusOf(PhysicalFunction? pf, KernelLogRecord record, Observation input) =>
        HasExpectedVfs(pf, input) ? FindingStatus.Info : Severity;
}
