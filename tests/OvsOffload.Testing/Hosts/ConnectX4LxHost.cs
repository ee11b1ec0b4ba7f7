namespace OvsOffload.Testing;

/// <summary>
/// Two ConnectX-4 Lx ports (25 Gbit/s, PCIe 3.0 x8) in switchdev mode on Ubuntu 22.04: rules go in through the firmware
/// (dmfs) and need headers inline, and the kernel is too old to show a LAG in debugfs.
/// </summary>
internal static class ConnectX4LxHost
{
    public static HostDescription Describe() => new()
    {
        Name = "ConnectX-4 Lx",
        Distribution = Distributions.Ubuntu2204,
        Bridge = "br1",
        Ports = [Port(0), Port(1)],
        Switch = new SwitchDescription("2.17.9"),
        KernelLog = Mlx5.Log(2, 2),
        Configuration = Mlx5.Configuration(2, 2),
    };

    private static PortDescription Port(int number) => Mlx5.Port(number, vfs: 2) with
    {
        Id = "15b3:1015",
        VfId = "15b3:1016",
        VfLimit = 8,
        Speed = 25_000,
        LinkSpeed = "8.0 GT/s PCIe",
        LinkWidth = 8,
        Devlink = Mlx5.Devlink("14.32.1010", "MT_2420110034") with
        {
            Eswitch = new EswitchDescription(InlineMode: 3),
            Steering = "dmfs",
        },
    };
}
