using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Platform;

namespace OvsOffload.Verifying;

/// <summary>Another program is told to make VFs of a PF, or to set its mode.</summary>
internal sealed class N34OtherProgramMakesVfs : FunctionCheck
{
    public override CheckInfo Info { get; } = new(
        "N34",
        "other-program-makes-vfs",
        CheckSeverity.Warning,
        "another program is configured to create VFs of this PF or to set its mode",
        """
        Only one program may create VFs or set the e-switch's mode. netplan (virtual-function-count,
        embedded-switch-mode), NetworkManager ([sriov] total-vfs, eswitch-mode), .link files of systemd
        (SR-IOVVirtualFunctions=), ifupdown, udev rules, tmpfiles.d, units and start scripts that write sriov_numvfs,
        the SR-IOV agent of Neutron (physical_device_mappings) and the host agent of Cloudpods (sriov_nics,
        ovs_offload_nics) all do it in their own order: VFs are then created before the mode is changed, bound before
        VF-LAG is active, or recreated under running guests when that program is restarted.

        Only configuration below /etc is read, not whether the program is running. Where ovs-offload only observes
        (managed: observe, or no configuration), another program manages the PF as intended, and it is reported as info.
        """);

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? intent, Observation input)
    {
        string name = pf.Address.ToString();
        if (!input.State.Platform.FunctionSettings.TryGet(out IReadOnlyList<FunctionSetting>? settings))
        {
            return [Skip(name, $"/etc: {input.State.Platform.FunctionSettings.Why}")];
        }

        FunctionSetting[] own = [.. settings.Where(setting => Concerns(pf, setting.Device))];
        return own.Length == 0
            ? [Ok(name, "/etc: netplan, NetworkManager, systemd, ifupdown, udev, Neutron, Cloudpods: none configures "
                + "this PF")]
            : own.Select(setting => Found(
                intent is null ? FindingStatus.Info : FindingStatus.Warning,
                name,
                $"{setting.Program} is configured to manage this PF",
                $"{setting.File}: {Objects.OneLine(setting.Line)}",
                intent is null
                    ? $"this PF is managed by {setting.Program}"
                    : $"both {setting.Program} and ovs-offload are configured to manage it",
                $"remove it from {setting.File}, or set managed: observe for the PF in the configuration"));
    }

    private static bool Concerns(PhysicalFunction pf, string device) =>
        device == pf.Address.ToString() || (pf.Uplink?.HasName(device) ?? false);
}
