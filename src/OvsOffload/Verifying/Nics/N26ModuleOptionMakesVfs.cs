using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Nics;
using OvsOffload.Platform;

namespace OvsOffload.Verifying;

/// <summary>VFs are wanted of a card whose driver makes them only by an option of its module.</summary>
internal sealed class N26ModuleOptionMakesVfs : FunctionCheck
{
    public override CheckInfo Info { get; } = new(
        "N26",
        "module-option-makes-vfs",
        CheckSeverity.Warning,
        "this driver creates VFs only through a module option",
        """
        mlx4_core (ConnectX-3 and ConnectX-3 Pro) ignores sriov_numvfs. Its VFs are created when the module is loaded:
        num_vfs, probe_vf and port_type_array in a file below /etc/modprobe.d, a new initramfs, and a reboot. num_vfs is
        three numbers: VFs of port 1 only, of port 2 only, and of both. The firmware has to allow them too (SRIOV_EN,
        NUM_OF_VFS).

        Such a card has no switchdev mode; ovs-offload counts its VFs but cannot create them.
        """);

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? intent, Observation input)
    {
        string name = pf.Address.ToString();
        if (pf.Model.Generation.Driver.VfCount != VfCountSetting.ModuleOption)
        {
            return [Ok(name, $"driver {pf.Driver ?? "none"} supports sriov_numvfs")];
        }

        if (intent?.Vfs is not { } wanted)
        {
            return [Skip(name, "the configuration does not set vfs: for this PF")];
        }

        if (pf.VfCount.IsFailed)
        {
            return [Skip(name, $"{SysfsFile.Of(pf, "sriov_numvfs")}: {pf.VfCount.Why}")];
        }

        string evidence = $"{SysfsFile.Of(pf, "sriov_numvfs")}: {pf.VfCount}; {intent.Source["vfs"]}: vfs: {wanted}";
        return pf.VfCount.ValueOr(0) == wanted
            ? [Ok(name, evidence)]
            :
            [
                Found(FindingStatus.Warning, name, $"the configuration sets vfs: {wanted}, but this driver needs a "
                    + "module option",
                    $"{evidence}; {Options(pf, input)}",
                    "mlx4_core reads the number of VFs only when it is loaded",
                    "add to /etc/modprobe.d/mlx4_core.conf: options mlx4_core port_type_array=2,2 "
                        + $"num_vfs={wanted},0,0 probe_vf={wanted},0,0; "
                        + "then " + input.Distribution.RebuildInitramfs() + " and a reboot"),
            ];
    }

    /// <summary>What modprobe is told of the driver, so that file and VFs can be compared.</summary>
    private static string Options(PhysicalFunction pf, Observation input)
    {
        string driver = pf.Driver ?? pf.Model.Generation.Driver.Name;
        return input.State.Platform.ModuleOptions.Match(
            options => options.FirstOrDefault(option => option.Module == driver) is { } found
                ? $"{found.File}: options {driver} {Objects.OneLine(found.Text)}"
                : $"/etc/modprobe.d: no options for {driver}",
            why => why,
            why => $"/etc/modprobe.d: {why}");
    }
}
