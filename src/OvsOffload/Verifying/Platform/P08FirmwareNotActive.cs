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
        "new firmware waits for a reset",
        """
        A card runs the firmware that it was started with. After an update devlink dev info shows two versions: running
        is what works, stored is what lies in the flash and comes into force with the next reset. Until then the card
        behaves like the old one, with the old one's faults, and settings of mlxconfig that only the new one knows do
        nothing.

        A cold reboot brings it into force; on many cards devlink dev reload with fw_activate does so without one, while
        there are no VFs and no bond.
        """);

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? wish, VerifyInput input)
    {
        string name = pf.Address.ToString();
        if (!pf.Firmware.TryGet(out Firmware? firmware))
        {
            return [Skip(name, $"devlink dev info pci/{name}: {pf.Firmware.Why}")];
        }

        if (firmware.Running is not { } running || firmware.Stored is not { } stored)
        {
            return [Skip(name, $"devlink dev info pci/{name} tells "
                + $"{(firmware.Running is null ? "no running" : "no stored")} version")];
        }

        if (running != stored && UplinkBond.InHardware(pf, input) is { } bond)
        {
            return [Skip(name, $"{bond.Name} is in hardware and stands in the way of a reset: see B19")];
        }

        string evidence = $"devlink dev info pci/{name}: running fw {running}, stored fw {stored}";
        return running == stored
            ? [Ok(name, evidence)]
            :
            [
                Found(FindingStatus.Warning, name, $"firmware {stored} waits for a reset, {running} runs", evidence,
                    "the firmware was updated, and the card has not been reset since",
                    $"a cold reboot; or, without VFs and bond, devlink dev reload pci/{name} action fw_activate"),
            ];
    }
}
