using System.Globalization;
using OvsOffload.Host;
using OvsOffload.Intent;

namespace OvsOffload.Verifying;

/// <summary>The PCIe link carries less than the port.</summary>
internal sealed class P16PcieLinkDegraded : FunctionCheck
{
    public override CheckInfo Info { get; } = new(
        "P16",
        "pcie-link-degraded",
        CheckSeverity.Warning,
        "the PCIe link is slower than the port",
        """
        A card negotiates speed and width of its PCIe link with the slot. In a slot with fewer lanes, behind a riser, or
        with dirty contacts the link is slower than the card supports. Whether that matters depends on the port: a link
        of 8 lanes at 8 GT/s carries about 63 Gbit/s, which is plenty for 25 Gbit/s and too little for 100.

        It is a warning if the link is slower than the port, and info if it is only below what the card supports.
        """);

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? intent, Observation input)
    {
        string name = pf.Address.ToString();
        FunctionPlatform around = input.State.Platform.Functions.GetValueOrDefault(pf.Address) ?? new();
        if (!around.Link.TryGet(out PcieLink? link))
        {
            return [Skip(name, $"{SysfsFile.Of(pf, "current_link_speed")}: {around.Link.Why}")];
        }

        string evidence = $"{SysfsFile.Of(pf, "current_link_speed")}: {link.Speed}, width {link.Width}; the card "
            + $"supports {link.MaxSpeed}, width {link.MaxWidth}";
        if (around.PortSpeed.TryGet(out int port) && Capacity(link) is { } capacity && capacity < port)
        {
            return
            [
                Found(FindingStatus.Warning, name,
                    $"the PCIe link carries {capacity / 1000} Gbit/s, the port {port / 1000}",
                    $"{evidence}; /sys/class/net/{pf.Uplink?.Name}/speed: {port}",
                    "the slot has fewer lanes or an older PCIe generation than the card, or the link trained badly",
                    "move the card to a slot with all lanes directly on the CPU, reseat it, or check the PCIe "
                        + "settings in the BIOS"),
            ];
        }

        return link.Width < link.MaxWidth || (GigaTransfers(link.Speed) ?? 0) < (GigaTransfers(link.MaxSpeed) ?? 0)
            ?
            [
                Found(FindingStatus.Info, name, "the PCIe link is below what the card supports", evidence,
                    "the slot has fewer lanes or an older PCIe generation than the card",
                    "none needed while the link is faster than the ports"),
            ]
            : [Ok(name, evidence)];
    }

    /// <summary>Mbit/s after line coding: 8b/10b up to 5 GT/s, 128b/130b above (PCI Express Base
    /// Specification).</summary>
    private static int? Capacity(PcieLink link) => GigaTransfers(link.Speed) is { } rate
        ? (int)(rate * 1000 * link.Width * (rate <= 5 ? 0.8 : 128.0 / 130))
        : null;

    private static double? GigaTransfers(string speed) => double.TryParse(
        speed.Split(' ')[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double rate)
            ? rate
            : null;
}
