using System.Collections.Immutable;

namespace OvsOffload.Testing;

/// <summary>
/// Two I350 ports (igb) on Debian 12 with libvirt: legacy SR-IOV, no devlink, no Open vSwitch; a Linux bridge on the
/// first port, VFs handed out one by one.
/// </summary>
internal static class I350Host
{
    public static HostDescription Describe() => new()
    {
        Name = "I350",
        Distribution = Distributions.Debian12,
        Bridge = "br0",
        Ports = [Port(0), Port(1)],
        KernelLog =
        [
            "igb 0000:01:00.0: added PHC on eth0",
            "igb 0000:01:00.0: Intel(R) Gigabit Ethernet Network Connection",
            "igb 0000:01:00.0 eno1: 4 VFs allocated",
            "igb 0000:01:00.0 eno1: igb: eno1 NIC Link is Up 1000 Mbps Full Duplex, Flow Control: RX",
        ],
        Configuration = """
            nics:
              - { pf: "0000:01:00.0", mode: legacy, vfs: 4, vf-macs: keep, vf-driver: auto }
              - { pf: "0000:01:00.1", mode: legacy, vfs: 4, vf-macs: keep, vf-driver: auto }

            """,
        Files = ImmutableDictionary<string, string>.Empty
            .Add("/etc/libvirt/qemu/networks/default.xml",
                "<network><name>default</name><forward mode='nat'/><bridge name='virbr0'/></network>\n"),
    };

    /// <summary>PCIe 2.1 x4; routing ids as the I350's SR-IOV capability has them.</summary>
    private static PortDescription Port(int number) => new()
    {
        PciAddress = $"0000:01:00.{number}",
        Id = "8086:1521",
        VfId = "8086:1520",
        Driver = "igb",
        Device = $"eno{number + 1}",
        AltName = $"enp1s0f{number}",
        Number = number,
        VfLimit = 7,
        Vfs = 4,
        Guests = 2,
        VfDriver = "igbvf",
        VfDevice = $"eno{number + 1}v",
        VfOffset = 128,
        VfStride = 4,
        Autoprobe = true,
        Speed = 1_000,
        LinkSpeed = "5.0 GT/s PCIe",
        LinkWidth = 4,
        Interrupts = 9,
        InterruptName = $"eno{number + 1}-TxRx-{{0}}",
    };
}
