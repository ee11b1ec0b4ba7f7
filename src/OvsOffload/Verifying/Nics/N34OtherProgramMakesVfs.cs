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
        "another program is told to make VFs of this PF, or to set its mode",
        """
        Who makes VFs or sets the e-switch's mode must be one. netplan (virtual-function-count, embedded-switch-mode),
        NetworkManager ([sriov] total-vfs, eswitch-mode), .link files of systemd (SR-IOVVirtualFunctions=), ifupdown,
        udev rules, tmpfiles.d, units and start scripts that write sriov_numvfs, the SR-IOV agent of Neutron
        (physical_device_mappings) and the host agent of Cloudpods (sriov_nics, ovs_offload_nics) all do it in their own
        order: VFs are then made before the mode is switched, bound before the bond is in hardware, or made anew under
        running guests when that program is restarted.

        Only configuration below /etc is looked at, not whether the program runs. Where this program only observes
        (managed: observe, or no configuration), another one in charge is as it should be, and told as info.
        """);

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? wish, VerifyInput input)
    {
        string name = pf.Address.ToString();
        if (!input.State.Platform.FunctionSettings.TryGet(out IReadOnlyList<FunctionSetting>? settings))
        {
            return [Skip(name, $"/etc: {input.State.Platform.FunctionSettings.Why}")];
        }

        FunctionSetting[] own = [.. settings.Where(setting => IsOf(pf, setting.Device))];
        return own.Length == 0
            ? [Ok(name, "/etc: netplan, NetworkManager, systemd, ifupdown, udev, Neutron, Cloudpods: none names it")]
            : own.Select(setting => Found(
                wish is null ? FindingStatus.Info : FindingStatus.Warning,
                name,
                $"{setting.Program} is told to manage this PF",
                $"{setting.File}: {Objects.OneLine(setting.Line)}",
                wish is null
                    ? $"{setting.Program} is in charge of this PF"
                    : $"{setting.Program} and this program's configuration both claim it",
                $"take it out of {setting.File}, or set managed: observe for the PF in this program's configuration"));
    }

    private static bool IsOf(PhysicalFunction pf, string device) =>
        device == pf.Address.ToString() || (pf.Uplink?.IsCalled(device) ?? false);
}
