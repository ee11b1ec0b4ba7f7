using System.Collections.Immutable;

namespace OvsOffload.Testing;

/// <summary>
/// Two ConnectX-5 ports in switchdev mode on RHEL 9, on which NetworkManager runs and leaves them alone; of the VFs
/// some are still with the host's own driver.
/// </summary>
internal static class ConnectX5Host
{
    public static HostDescription Describe() => new()
    {
        Name = "ConnectX-5",
        Distribution = Distributions.Rhel9,
        Bridge = "br1",
        Ports = [Port(0), Port(1)],
        Switch = new SwitchDescription("3.3.2"),
        KernelLog = Mlx5.Log(2, 4),
        Configuration = Mlx5.Configuration(2, 4).Replace("vfio-pci", "auto", StringComparison.Ordinal),
        Files = ImmutableDictionary<string, string>.Empty
            .Add("/run/NetworkManager/devices/2", "[device]\nmanaged=false\n")
            .Add("/run/NetworkManager/devices/100", "[device]\nmanaged=false\n")
            .Add("/etc/NetworkManager/conf.d/90-representors.conf", "[keyfile]\nunmanaged-devices=driver:mlx5e_rep\n")
            .Add("/run/irqbalance/irqbalance812.sock", "")
            .Add("/proc/812/comm", "irqbalance\n")
            .Add("/proc/812/cmdline", "/usr/sbin/irqbalance\0")
            .Add("/proc/812/environ", "LANG=en_US.UTF-8\0IRQBALANCE_ARGS=\0")
            .Add("/etc/tuned/active_profile", "virtual-host\n")
            .Add("/usr/lib/tuned/virtual-host/tuned.conf", "[main]\ninclude=throughput-performance\n")
            .Add("/usr/lib/tuned/throughput-performance/tuned.conf", "[cpu]\ngovernor=performance\n"),
    };

    private static PortDescription Port(int number) => Mlx5.Port(number, vfs: 4) with
    {
        Id = "15b3:1017",
        VfId = "15b3:1018",
        VfLimit = 64,
        Guests = 3,
        VfDriver = "mlx5_core",
        VfDevice = $"enp3s0f{number}v",
        LinkSpeed = "8.0 GT/s PCIe",
        Devlink = Mlx5.Devlink("16.35.4030", "MT_0000000013"),
    };
}
