namespace OvsOffload.Nics;

/// <summary>Kernel drivers on which a decision hangs; of all others only <c>nic-models.yaml</c> knows.</summary>
internal static class DriverNames
{
    /// <summary>ConnectX-4 and later, PFs and VFs; also the name of the vendor's own build.</summary>
    public const string Mlx5 = "mlx5_core";

    /// <summary>Intel E810, its PFs.</summary>
    public const string Ice = "ice";

    /// <summary>Hands a function to a guest or another program in user space.</summary>
    public const string VfioPci = "vfio-pci";

    /// <summary>
    /// Whether a driver hands a function on, so that it has no network device: <c>vfio-pci</c>, or a variant of it for
    /// live migration such as <c>mlx5_vfio_pci</c>.
    /// </summary>
    public static bool IsVfio(string driver) => driver.Contains("vfio", StringComparison.Ordinal);
}
