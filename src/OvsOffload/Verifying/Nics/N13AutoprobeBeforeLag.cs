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
        "new VFs will be bound before the hardware bond is active",
        """
        With sriov_drivers_autoprobe at 1 the kernel binds a driver to each VF as soon as it is made. A bond of both
        ports goes into hardware (VF-LAG) only while no VF is bound, so VFs that are made before the bond is active have
        to come without a driver: autoprobe 0 while they are made, and 1 again after.

        The setting matters only in that moment. Where the VFs are there already, and where this program makes them (it
        sets and restores the attribute by itself), a 1 is as it should be.
        """);

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? wish, VerifyInput input)
    {
        string name = pf.Address.ToString();
        string file = SysfsFile.Of(pf, "sriov_drivers_autoprobe");
        if (UplinkBond.Of(pf, input) is not { } bond)
        {
            return [Skip(name, "it is in no bond")];
        }

        if (UplinkBond.InHardware(pf, input) is { } active)
        {
            return [Ok(name, $"{active.Name} is in hardware already: {active.VfLag.Evidence}")];
        }

        if (pf.DriversAutoprobe.IsFailed || pf.VfCount.IsFailed)
        {
            return [Skip(name, pf.DriversAutoprobe.IsFailed
                ? $"{file}: {pf.DriversAutoprobe.Why}"
                : $"{SysfsFile.Of(pf, "sriov_numvfs")}: {pf.VfCount.Why}")];
        }

        bool ours = wish is { Managed: Management.Full, Vfs: not null };
        return pf.DriversAutoprobe.ValueOr(false) && pf.VfCount.ValueOr(0) == 0 && !ours
            && pf.VfLimit.ValueOr(0) > 0
            ?
            [
                Found(FindingStatus.Warning, name, Info.Title, $"{file}: 1; sriov_numvfs: 0; bond {bond}",
                    "sriov_drivers_autoprobe is 1, as it is after every boot",
                    $"echo 0 > {file} before the VFs are made; bind them when the bond is in hardware; or let "
                        + "ovs-offload apply make them (vfs: in the configuration)"),
            ]
            : [Ok(name, $"{file}: {(pf.DriversAutoprobe.ValueOr(false) ? 1 : 0)}; sriov_numvfs: {pf.VfCount}"
                + (ours ? "; this program sets it while it makes VFs" : ""))];
    }
}
