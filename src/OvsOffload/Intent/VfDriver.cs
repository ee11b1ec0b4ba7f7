namespace OvsOffload.Intent;

/// <summary>How the driver of a PF's VFs is chosen.</summary>
internal enum VfDriverKind
{
    /// <summary>A VF with a driver keeps it; one without is left to the kernel's probing. The default.</summary>
    Auto,

    /// <summary>
    /// The NIC's own driver for its VFs, such as mlx5_core: the VFs are network interfaces of the host.
    /// </summary>
    Kernel,

    /// <summary>No driver: whoever takes a VF binds it.</summary>
    None,

    /// <summary>The driver of that name, such as vfio-pci.</summary>
    Named,
}

/// <summary>The wanted driver of a PF's VFs (key <c>vf-driver</c>).</summary>
/// <param name="Kind">How it is chosen.</param>
/// <param name="Name">The kernel's name of the driver where <paramref name="Kind"/> is Named, otherwise null.</param>
internal sealed record VfDriver(VfDriverKind Kind, string? Name)
{
    public static VfDriver Auto { get; } = new(VfDriverKind.Auto, null);

    public static VfDriver Kernel { get; } = new(VfDriverKind.Kernel, null);

    public static VfDriver None { get; } = new(VfDriverKind.None, null);

    public static VfDriver Named(string name) => new(VfDriverKind.Named, name);

    public override string ToString() => Kind switch
    {
        VfDriverKind.Auto => "auto",
        VfDriverKind.Kernel => "kernel",
        VfDriverKind.None => "none",
        _ => Name!,
    };
}
