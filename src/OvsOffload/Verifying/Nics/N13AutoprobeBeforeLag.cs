using OvsOffload.Host;
using OvsOffload.Intent;

namespace OvsOffload.Verifying;

/// <summary>VFs that are made for a hardware bond will get a driver at once.</summary>
internal sealed class N13AutoprobeBeforeLag : FunctionCheck
{
    public override CheckInfo Info { get; } = new(
        "N13",
        "autoprobe-before-lag",
        CheckSeverity.Warning,
        "new VFs would be bound before VF-LAG is active",
        """
        With sriov_drivers_autoprobe=1 the kernel binds a driver to each VF as soon as it is created. A bond of both
        ports goes into hardware (VF-LAG) only while no VF is bound, so VFs that are created before the bond is active
        have to stay without a driver: autoprobe 0 while they are created, and 1 afterwards.

        The setting matters only at that moment. If the VFs exist already, or ovs-offload creates them (it sets and
        restores the attribute itself), 1 is correct.
        """);

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? intent, Observation input)
    {
        string name = pf.Address.ToString();
        string file = SysfsFile.Of(pf, "sriov_drivers_autoprobe");
        if (UplinkBond.Of(pf, input) is not { } bond)
        {
            return [Skip(name, "the PF is not in a bond")];
        }

        if (UplinkBond.InHardware(pf, input) is { } active)
        {
            return [Ok(name, $"VF-LAG of {active.Name} is active: {active.VfLag.Evidence}")];
        }

        if (pf.DriversAutoprobe.IsFailed || pf.VfCount.IsFailed)
        {
            return [Skip(name, pf.DriversAutoprobe.IsFailed
                ? $"{file}: {pf.DriversAutoprobe.Why}"
                : $"{SysfsFile.Of(pf, "sriov_numvfs")}: {pf.VfCount.Why}")];
        }

        bool ours = intent is { Managed: Management.Full, Vfs: not null };
        return pf.DriversAutoprobe.ValueOr(false) && pf.VfCount.ValueOr(0) == 0 && !ours
            && pf.VfLimit.ValueOr(0) > 0
            ?
            [
                Found(FindingStatus.Warning, name, Info.Title, $"{file}: 1; sriov_numvfs: 0; bond {bond}",
                    "sriov_drivers_autoprobe is 1, the default after every boot",
                    $"echo 0 > {file} before the VFs are created, and bind them when VF-LAG is active; or set vfs: in "
                        + "the configuration and run ovs-offload apply"),
            ]
            : [Ok(name, $"{file}: {(pf.DriversAutoprobe.ValueOr(false) ? 1 : 0)}; sriov_numvfs: {pf.VfCount}"
                + (ours ? "; ovs-offload sets it while it creates VFs" : ""))];
    }
}
