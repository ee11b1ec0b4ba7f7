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
        "the card is in flash recovery",
        """
        An NVIDIA card whose firmware cannot be loaded shows itself on the PCI bus with another id, that of its flash
        recovery: 15b3:020d for ConnectX-5, 15b3:0212 for ConnectX-6 Dx, and so on. It has no driver, no port and no
        VFs. The cause is an update that was broken off, or a flash chip that fails.

        The firmware can be written again with the vendor's flash tool, over the very function that shows the recovery
        id.
        """);

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? wish, VerifyInput input)
    {
        string name = pf.Address.ToString();
        return
        [
            pf.Model.IsFlashRecovery
                ? Found(FindingStatus.Error, name, $"{pf.Model.Name} does nothing until it is flashed again",
                    $"/sys/bus/pci/devices/{name}/device: {pf.Model.Id}",
                    "the card could not load its firmware, mostly after an update that was broken off",
                    $"mstflint -d {name} -i FIRMWARE.bin burn (the image for the board's PSID), then a cold reboot; if "
                        + "that fails, replace the card")
                : Ok(name, $"PCI id {pf.Model.Id}: {pf.Model.Name}"),
        ];
    }
}
