namespace OvsOffload.Testing;

/// <summary>Two ConnectX-6 Dx ports in switchdev mode on Ubuntu 24.04; guests hold all VFs.</summary>
internal static class ConnectX6DxHost
{
    public static HostDescription Describe(int ports = 2, int vfs = 4, int logLines = 40) => new()
    {
        Name = "ConnectX-6 Dx",
        Distribution = Distributions.Ubuntu2404,
        Bridge = "br1",
        LogLines = logLines,
        Ports = [.. Enumerable.Range(0, ports).Select(number => Mlx5.Port(number, vfs) with
        {
            Id = "15b3:101d",
            VfId = "15b3:101e",
            Devlink = Mlx5.Devlink("22.39.1002", "MT_0000000359"),
        })],
        Switch = new SwitchDescription("3.3.0"),
        KernelLog = Mlx5.Log(ports, vfs),
        Configuration = Mlx5.Configuration(ports, vfs),
    };
}
