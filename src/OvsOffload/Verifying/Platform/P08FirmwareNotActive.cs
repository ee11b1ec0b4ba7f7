using OvsOffload.Host;
using OvsOffload.Intent;

namespace OvsOffload.Verifying;

/// <summary>New firmware is in the flash and not in force.</summary>
internal sealed class P08FirmwareNotActive : FunctionCheck
{
    public override CheckInfo Info { get; } = new(
        "P08",
        "firmware-not-active",
        CheckSeverity.Warning,
        "new firmware is installed but not active",
        """
        A card runs the firmware that it was started with. After an update devlink dev info shows two versions: running
        is the active one, stored is the one in flash, which becomes active with the next reset. Until then the card
        keeps the old firmware's faults, and mlxconfig settings that only the new one knows have no effect.

        A cold reboot activates it; on many cards devlink dev reload with action fw_activate does so without a reboot,
        while there are no VFs and no bond.
        """);

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? intent, Observation input)
    {
        string name = pf.Address.ToString();
        if (!pf.Firmware.TryGet(out Firmware? firmware))
        {
            return [Skip(name, $"devlink dev info pci/{name}: {pf.Firmware.Why}")];
        }

        if (firmware.Running is not { } running || firmware.Stored is not { } stored)
        {
            return [Skip(name, $"devlink dev info pci/{name}: no {(firmware.Running is null ? "running" : "stored")} "
                + "version")];
        }

        if (running != stored && UplinkBond.InHardware(pf, input) is { } bond)
        {
            return [Skip(name, $"{bond.Name} is active in hardware (VF-LAG) and blocks a reset: see B19")];
        }

        string evidence = $"devlink dev info pci/{name}: running fw {running}, stored fw {stored}";
        return running == stored
            ? [Ok(name, evidence)]
            :
            [
                Found(FindingStatus.Warning, name, $"firmware {stored} is stored but not active; {running} is "
                    + "running", evidence,
                    "the card was not reset after the firmware update",
                    $"do a cold reboot; or, without VFs and bond, devlink dev reload pci/{name} action fw_activate"),
            ];
    }
}
