using System.Collections.Immutable;

namespace OvsOffload.Testing;

/// <summary>
/// An HP 544+ (ConnectX-3 Pro, one PF with two ports) on Proxmox VE: eight VFs on port 1 by options of the module, the
/// host's own network on the same port, no e-switch, no Open vSwitch.
/// </summary>
internal static class ConnectX3ProHost
{
    private const string Pf = "0000:81:00.0";

    public static HostDescription Describe() => new()
    {
        Name = "ConnectX-3 Pro on Proxmox VE",
        Distribution = Distributions.Proxmox8,
        Bridge = "vmbr0",
        Ports =
        [
            new PortDescription
            {
                PciAddress = Pf,
                Id = "15b3:1007",
                VfId = "15b3:1004",
                Driver = "mlx4_core",
                Device = "ens4",
                AltName = "enp129s0",
                SecondDevice = "ens4d1",
                VfLimit = 8,
                Vfs = 8,
                Guests = 2,
                VfDriver = "mlx4_core",
                VfDevice = "ens4v",
                VfOffset = 1,
                Autoprobe = true,
                Speed = 40_000,
                LinkSpeed = "8.0 GT/s PCIe",
                LinkWidth = 8,
                Interrupts = 16,
                InterruptName = "mlx4-{0}@{1}",
                TcOffload = false,
                Devlink = new DevlinkDescription(),
            },
        ],
        KernelLog =
        [
            $"mlx4_core {Pf}: Enabling SR-IOV with 8 VFs",
            $"mlx4_core {Pf}: PCIe link speed is 8.0GT/s, device supports 8.0GT/s",
            "mlx4_en: ens4: Link Up",
        ],
        Configuration = $$"""
            nics:
              - { pf: "{{Pf}}", mode: legacy, vfs: 8, vf-macs: keep, vf-driver: auto }

            """,
        Files = ImmutableDictionary<string, string>.Empty.Add(
            "/etc/modprobe.d/mlx4_core.conf",
            "options mlx4_core port_type_array=2,2 num_vfs=8,0,0 probe_vf=8,0,0 log_num_mgm_entry_size=-1\n"),
    };
}
