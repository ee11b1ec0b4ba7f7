using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Os;
using OvsOffload.Platform;
using OvsOffload.Sysfs;

namespace OvsOffload.Verifying;

/// <summary>No IOMMU is in force, so no VF can be handed to a guest.</summary>
internal sealed class P01IommuOff : Check
{
    private const string Groups = "/sys/kernel/iommu_groups";

    /// <summary>Arguments that switch an IOMMU on or off (Documentation/admin-guide/kernel-parameters.txt).</summary>
    private static readonly string[] Arguments = ["intel_iommu", "amd_iommu", "iommu"];

    public override CheckInfo Info { get; } = new(
        "P01",
        "iommu-off",
        CheckSeverity.Error,
        "the IOMMU is not active",
        """
        A guest can only use a VF if an IOMMU confines the VF's DMA to the guest's memory. The kernel lists one group
        per set of devices that it isolates; without any group vfio-pci does not bind, and a guest with a VF does not
        start. VFs that stay bound to the host's own drivers work without an IOMMU.

        Two things have to be enabled: the IOMMU in the BIOS (Intel VT-d or AMD-Vi, often under "virtualization" or
        "chipset") and its driver in the kernel. On Intel most distributions need intel_iommu=on on the kernel command
        line; iommu=pt spares the host's own devices the cost. AMD's is on by default. The check goes by the groups, not
        by the command line: some kernels enable the driver without an argument.
        """);

    public override IEnumerable<Finding> Examine(Observation input)
    {
        HostState state = input.State;
        if (state.PhysicalFunctions.IsFailed)
        {
            return [Skip(Objects.Host, Objects.UnreadableReason(state.PhysicalFunctions))];
        }

        if (state.KnownFunctions.IsEmpty)
        {
            return [Skip(Objects.Host, Objects.NoFunctions)];
        }

        Reading<IReadOnlyList<IommuGroup>> groups = state.Kernel.Iommu.Groups;
        return groups switch
        {
            { IsFailed: true } => [Skip(Objects.Host, $"{Groups}: {groups.Why}")],
            { IsKnown: true, Value.Count: > 0 } => [Ok(Objects.Host, $"{Groups}: {groups.Value.Count} groups")],
            // A kernel without any IOMMU support does not even have the directory.
            _ => [Off(input, groups.IsAbsent ? groups.Why : "empty")],
        };
    }

    private Finding Off(Observation input, string shown)
    {
        bool log = input.State.Kernel.Log.TryGet(out IReadOnlyList<KernelLogRecord>? records);
        bool seen = log && records!.Any(record =>
            record.Text.Contains("DMAR", StringComparison.Ordinal)
            || record.Text.Contains("AMD-Vi", StringComparison.Ordinal));
        string evidence = $"{Groups}: {shown}; /proc/cmdline: {Describe(input.State.Kernel.Facts.CommandLine)}"
            + (log ? $"; kernel log: {(seen ? "" : "no ")}line with DMAR or AMD-Vi" : "");
        return Found(
            HasGuestVfs(input) ? FindingStatus.Error : FindingStatus.Info,
            Objects.Host,
            "the IOMMU is not active, so no VF can be assigned to a guest",
            evidence,
            "the IOMMU is disabled in the BIOS or not enabled in the kernel",
            "enable VT-d (Intel) or AMD-Vi in the BIOS, and "
                + input.Distribution.AddToCommandLine("intel_iommu=on iommu=pt"));
    }

    /// <summary>Whether VFs are there, or wanted, that do not stay with the host.</summary>
    private static bool HasGuestVfs(Observation input) => input.State.KnownFunctions.Any(pf =>
        (input.IntentOf(pf)?.Vfs ?? pf.VfCount.ValueOr(0)) > 0
        && input.IntentOf(pf)?.VfDriver != VfDriver.Kernel);

    private static string Describe(Reading<KernelCommandLine> commandLine) => commandLine.Match(
        line => Arguments.Select(name => (name, value: line.ValueOf(name)))
            .Where(pair => pair.value is not null).ToArray() is { Length: > 0 } stated
                ? string.Join(" ", stated.Select(pair => $"{pair.name}={pair.value}"))
                : "no intel_iommu=, amd_iommu= or iommu=",
        why => why,
        why => why);
}
