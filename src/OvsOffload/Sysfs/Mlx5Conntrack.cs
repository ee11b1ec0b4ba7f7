using OvsOffload.Os;


namespace OvsOffload.Sysfs;

/// <summary>
/// What mlx5_core tells of connection tracking in <c>/sys/kernel/debug/mlx5/PF/ct/</c>, as
/// drivers/net/ethernet/mellanox/mlx5/core/en/tc_ct.c makes it (kernel 5.18 and later).
/// </summary>
internal static class Mlx5Conntrack
{
    /// <summary>File <c>offloaded</c>: entries that the PF's hardware holds. Absent without the file.</summary>
    public static Reading<long> Offloaded(HostPaths paths, PciAddress pf) =>
        paths.Files.Number<long>(Path.Combine(paths.Debug, "mlx5", pf.ToString(), "ct", "offloaded"));
}
