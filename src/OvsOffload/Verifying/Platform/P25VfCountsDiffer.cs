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
        "the driver has made other VFs than the PCI bus shows",
        """
        Four numbers tell of a PF's VFs: how many the configuration wants, how many the firmware allows
        (sriov_totalvfs), how many the driver says that there are (sriov_numvfs), and how many functions the PCI bus
        shows (virtfnN). This check puts them side by side. The last two have to be equal: where the bus shows fewer,
        VFs were lost on the way, by an error of the PCI bus, by a BIOS that left no room, or, on old platforms, by a
        missing iommu=pt.

        A configuration that wants another number than there is now is no fault by itself: ovs-offload plan shows what
        is to be done.
        """);

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? wish, VerifyInput input)
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
            return [Skip(name, $"it can have no VFs; {file}: {pf.VfCount.Why}")];
        }

        int shown = pf.VirtualFunctions.Length;
        string evidence = $"{file}: {pf.VfCount.Value}; virtfnN: {shown}; sriov_totalvfs: {pf.VfLimit}; configuration: "
            + (wish?.Vfs is { } wanted ? $"{wanted}" : "says nothing");
        return pf.VfCount.Value == shown
            ? [Ok(name, evidence)]
            :
            [
                Found(FindingStatus.Warning, name, $"{pf.VfCount.Value} VFs were made, and the PCI bus shows {shown}",
                    evidence,
                    "VFs were lost on the PCI bus, or are being made at this moment",
                    $"look for errors of {name} in the kernel's log (journalctl -k); make the VFs anew: echo 0, then "
                        + $"{pf.VfCount.Value}, into {file} (guests must let go of them first)"),
            ];
    }
}
