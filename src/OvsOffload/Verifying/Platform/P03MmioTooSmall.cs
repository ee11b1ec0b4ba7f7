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
        "there is no room for the memory windows of the VFs",
        """
        Every VF has memory windows (BARs) through which the host or the guest talks to it, and the BIOS has to leave
        room for those of all VFs below the slot. Where it did not, the kernel writes "not enough MMIO resources for
        SR-IOV", and a write to sriov_numvfs fails with "Cannot allocate memory" (ENOMEM), however much memory the
        machine has.

        The room is made in the BIOS ("Above 4G decoding", "MMIO high size", "SR-IOV support"), or by the kernel when it
        is told to lay the windows out anew: pci=realloc. Once the PF has its VFs, such a line is history and told as
        info.
        """);

    /// <summary>drivers/pci/iov.c, sriov_enable.</summary>
    protected override IReadOnlyList<string> Words { get; } = ["not enough MMIO resources for SR-IOV"];

    protected override string Cause =>
        "the BIOS left too little address space below the slot for the windows of all VFs";

    protected override string Fix(PhysicalFunction? pf, VerifyInput input) =>
        "switch \"Above 4G decoding\" and SR-IOV on in the BIOS, or "
        + input.Distribution.AddToCommandLine("pci=realloc");

    protected override FindingStatus StatusOf(PhysicalFunction? pf, KernelLogRecord record, VerifyInput input) =>
        HasItsVfs(pf, input) ? FindingStatus.Info : Severity;
}
