namespace OvsOffload.Testing;

/// <summary>Both ports of a ConnectX-7 (200 Gbit/s, PCIe 5.0) under a bond with LACP that is in hardware.</summary>
internal static class ConnectX7BondHost
{
    public static HostDescription Describe() => new()
    {
        Name = "ConnectX-7 with a bond",
        Distribution = Distributions.Ubuntu2404,
        Bridge = "br1",
        Ports = [Port(0), Port(1)],
        Bond = new BondDescription("bond0", "hash"),
        Switch = new SwitchDescription("3.3.0"),
        KernelLog =
        [
            .. Mlx5.Log(2, 8),
            "bond0: (slave enp3s0f0np0): Enslaving as a backup interface with an up link",
            "bond0: (slave enp3s0f1np1): Enslaving as a backup interface with an up link",
            "mlx5_core 0000:03:00.0: lag map active ports: 1, 2",
            "mlx5_core 0000:03:00.0: shared_fdb:1 mode:hash",
            "mlx5_core 0000:03:00.0: Operation mode is single FDB",
        ],
        Configuration = Mlx5.Configuration(2, 8) + """
            bonds:
              - name: bond0
                profile: lacp-fast-layer3-4
                members: ["0000:03:00.0", "0000:03:00.1"]
                vf-lag: required
            bridges:
              - { name: br1, uplink: bond0 }

            """,
    };

    private static PortDescription Port(int number) => Mlx5.Port(number, vfs: 8) with
    {
        Id = "15b3:1021",
        VfId = "15b3:101e",
        VfLimit = 64,
        Speed = 200_000,
        LinkSpeed = "32.0 GT/s PCIe",
        Devlink = Mlx5.Devlink("28.39.1002", "MT_0000000834"),
    };
}
