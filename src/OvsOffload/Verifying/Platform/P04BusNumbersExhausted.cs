using OvsOffload.Host;
using OvsOffload.Platform;

namespace OvsOffload.Verifying;

/// <summary>The VFs need PCI bus numbers that the BIOS did not give.</summary>
internal sealed class P04BusNumbersExhausted : KernelLogCheck
{
    public override CheckInfo Info { get; } = new(
        "P04",
        "bus-numbers-exhausted",
        CheckSeverity.Error,
        "the slot has too few PCI bus numbers for the VFs",
        """
        VFs beyond the eighth function of a card need either ARI, with which one bus number holds 256 functions, or more
        bus numbers below the slot. If the BIOS provides neither, the kernel logs "can't enable N VFs (bus XX out of
        range of ..)", and a write to sriov_numvfs fails with "Cannot allocate memory" (ENOMEM).

        Enable ARI in the BIOS ("PCIe ARI support"), or let the kernel assign the bus numbers with pci=assign-busses.
        Once the PF has its VFs, the line is history and reported as info.
        """);

    /// <summary>drivers/pci/iov.c, sriov_enable.</summary>
    protected override IReadOnlyList<string> Phrases { get; } = ["out of range of [bus"];

    protected override string Cause =>
        "ARI is disabled in the BIOS, so the VFs need bus numbers that the slot does not have";

    protected override string Fix(PhysicalFunction? pf, Observation input) =>
        "enable \"PCIe ARI support\" in the BIOS, or "
        + input.Distribution.AddToCommandLine("pci=assign-busses");

    protected override bool Matches(string text) =>
        text.Contains("can't enable", StringComparison.Ordinal)
        && text.Contains("VFs (bus", StringComparison.Ordinal)
        && text.Contains("out of range of", StringComparison.Ordinal);

    protected override FindingStatus StatusOf(PhysicalFunction? pf, KernelLogRecord record, Observation input) =>
        HasExpectedVfs(pf, input) ? FindingStatus.Info : Severity;
}
