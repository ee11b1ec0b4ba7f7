using OvsOffload.Host;
using OvsOffload.Intent;

namespace OvsOffload.Verifying;

/// <summary>A card came up with broken firmware.</summary>
internal sealed class P17FlashRecovery : FunctionCheck
{
    public override CheckInfo Info { get; } = new(
        "P17",
        "flash-recovery",
        CheckSeverity.Error,
        "the card is in flash recovery mode",
        """
        An NVIDIA card whose firmware cannot be loaded appears on the PCI bus with another id, that of flash recovery:
        15b3:020d for ConnectX-5, 15b3:0212 for ConnectX-6 Dx, and so on. It has no driver, no port and no VFs. The
        cause is an interrupted firmware update or a failing flash chip.

        The firmware can be burned again with the vendor's tool, through the function that shows the recovery id.
        """);

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? intent, Observation input)
    {
        string name = pf.Address.ToString();
        return
        [
            pf.Model.IsFlashRecovery
                ? Found(FindingStatus.Error, name, $"{pf.Model.Name} is in flash recovery mode and has no working "
                    + "firmware",
                    $"/sys/bus/pci/devices/{name}/device: {pf.Model.Id}",
                    "the card could not load its firmware, usually after an interrupted update",
                    $"mstflint -d {name} -i FIRMWARE.bin burn (the image for the board's PSID), then do a cold reboot; "
                        + "if that fails, replace the card")
                : Ok(name, $"PCI id {pf.Model.Id}: {pf.Model.Name}"),
        ];
    }
}
