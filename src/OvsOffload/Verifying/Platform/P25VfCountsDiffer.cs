using OvsOffload.Host;
using OvsOffload.Intent;

namespace OvsOffload.Verifying;

/// <summary>The numbers of VFs of configuration, firmware, driver and PCI bus do not fit together.</summary>
internal sealed class P25VfCountsDiffer : FunctionCheck
{
    public override CheckInfo Info { get; } = new(
        "P25",
        "vf-counts-differ",
        CheckSeverity.Warning,
        "the driver and the PCI bus show different numbers of VFs",
        """
        A PF has four VF counts: the number in the configuration, the firmware's limit (sriov_totalvfs), the driver's
        number (sriov_numvfs), and the functions on the PCI bus (virtfnN). This check compares them. The last two have
        to be equal: if the bus shows fewer, VFs were lost to a PCI bus error, to a BIOS that reserved too little space,
        or, on old platforms, to a missing iommu=pt.

        A configuration with another number than the current one is not a fault by itself: ovs-offload plan shows what
        apply would change.
        """);

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? intent, Observation input)
    {
        string name = pf.Address.ToString();
        string file = SysfsFile.Of(pf, "sriov_numvfs");
        if (pf.VfCount.IsFailed || pf.VfLimit.IsFailed)
        {
            return [Skip(name, pf.VfCount.IsFailed
                ? $"{file}: {pf.VfCount.Why}"
                : $"{SysfsFile.Of(pf, "sriov_totalvfs")}: {pf.VfLimit.Why}")];
        }

        if (pf.VfCount.IsAbsent)
        {
            return [Skip(name, $"the PF has no SR-IOV; {file}: {pf.VfCount.Why}")];
        }

        int shown = pf.VirtualFunctions.Length;
        string evidence = $"{file}: {pf.VfCount.Value}; virtfnN: {shown}; sriov_totalvfs: {pf.VfLimit}; configuration: "
            + (intent?.Vfs is { } wanted ? $"{wanted}" : "not set");
        return pf.VfCount.Value == shown
            ? [Ok(name, evidence)]
            :
            [
                Found(FindingStatus.Warning, name, $"the driver reports {pf.VfCount.Value} VFs, but the PCI bus shows "
                    + $"{shown}",
                    evidence,
                    "VFs were lost on the PCI bus, or are being created right now",
                    $"look for errors of {name} in the kernel log (journalctl -k); recreate the VFs: echo 0, then "
                        + $"{pf.VfCount.Value}, into {file} (detach them from guests first)"),
            ];
    }
}
