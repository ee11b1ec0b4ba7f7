using OvsOffload.Host;
using OvsOffload.Intent;

namespace OvsOffload.Verifying;

/// <summary>Switchdev mode is wanted of a port that speaks InfiniBand.</summary>
internal sealed class N04PortInfiniband : FunctionCheck
{
    /// <summary>ARPHRD_INFINIBAND, linux/if_arp.h.</summary>
    private const int InfinibandHardware = 32;

    public override CheckInfo Info { get; } = new(
        "N04",
        "port-infiniband",
        CheckSeverity.Error,
        "the port is InfiniBand",
        """
        VPI cards can run each port as Ethernet or as InfiniBand, and ship as InfiniBand. An InfiniBand port cannot be
        put into switchdev mode: the driver answers "Operation not supported" without a reason. The port type is a
        firmware setting (LINK_TYPE_P1 and LINK_TYPE_P2: 2 is Ethernet) and needs a cold reboot. An InfiniBand port
        without configured switchdev mode is no fault.
        """);

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? intent, Observation input)
    {
        string name = pf.Address.ToString();
        bool infiniband = pf.PortType == PortType.Infiniband || pf.Uplink?.HardwareType == InfinibandHardware;
        if (!infiniband)
        {
            return pf.PortType == PortType.Unknown
                ? [Skip(name, "the port type is unknown: neither devlink nor a network device reports it")]
                : [Ok(name, $"devlink port show: {name} type eth")];
        }

        if (intent?.Mode != NicMode.Switchdev)
        {
            return [Skip(name, "an InfiniBand port; switchdev mode is not configured")];
        }

        return
        [
            Found(
                FindingStatus.Error,
                name,
                "the configuration sets mode: switchdev for an InfiniBand port",
                pf.PortType == PortType.Infiniband
                    ? $"devlink port show: {name} type ib"
                    : $"/sys/class/net/{pf.Uplink!.Name}/type: {InfinibandHardware}",
                "the port type in the card's firmware is InfiniBand",
                $"mstconfig -d {name} set LINK_TYPE_P{pf.Address.Function + 1}=2 (mlxconfig with MFT), then do a cold "
                    + "reboot"),
        ];
    }
}
