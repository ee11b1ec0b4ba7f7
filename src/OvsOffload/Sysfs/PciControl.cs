using System.Globalization;
using OvsOffload.Os;

namespace OvsOffload.Sysfs;

/// <summary>
/// Changes PCI functions through sysfs: VF counts and driver bindings. Each method is one write; none checks whether it
/// is wise, and none reads back. Safe for concurrent use.
/// </summary>
internal sealed class PciControl(HostPaths paths, SysfsWriter writer)
{
    private readonly PciFunctions _functions = new(paths);

    private string Bus => Path.Combine(paths.Sys, "bus/pci");

    /// <summary><c>sriov_numvfs</c>. The kernel takes a change from zero or to zero only, destroys VFs that a guest
    /// holds through vfio without a word, and answers success when the number is already there. It takes a time for
    /// each VF, there and back: the limit holds for as long as no VF comes or goes.</summary>
    public Task SetVfCountAsync(PciAddress pf, int count, CancellationToken cancellationToken)
    {
        string folder = _functions.DirectoryOf(pf);
        string file = Path.Combine(folder, "sriov_numvfs");
        int vfs = Math.Max(count, paths.Files.Number<int>(file).ValueOr(0));
        return writer.WriteAsync(
            file, count.ToString(CultureInfo.InvariantCulture), $"set {count} VFs on {pf}", VfCountError,
            new WriteLimit(writer.LimitFor(vfs), VfsThere), cancellationToken);

        // The kernel links each VF as it comes, and unlinks it as it goes.
        int VfsThere() => paths.Files.Names(folder).ValueOr([])
            .Count(static name => name.StartsWith("virtfn", StringComparison.Ordinal));
    }

    /// <summary><c>sriov_drivers_autoprobe</c>: whether VFs get a driver as soon as they appear. Not for VFs that
    /// exist.</summary>
    public Task SetDriversAutoprobeAsync(PciAddress pf, bool on, CancellationToken cancellationToken) => WriteAsync(
        pf, "sriov_drivers_autoprobe", on ? "1" : "0",
        $"switch driver autoprobe for the VFs of {pf} {(on ? "on" : "off")}", CommonError, cancellationToken);

    /// <summary><c>driver_override</c>: the only driver that may bind to the function; null lifts it.</summary>
    public Task SetDriverOverrideAsync(
        PciAddress function, string? driver, CancellationToken cancellationToken) => WriteAsync(
        // An empty line, because the kernel never sees a write of zero bytes.
        function, "driver_override", $"{driver}\n",
        driver is null ? $"clear the driver override of {function}" : $"reserve {function} for driver {driver}",
        CommonError, cancellationToken);

    /// <summary>Binds a function that has no driver.</summary>
    public Task BindAsync(PciAddress function, string driver, CancellationToken cancellationToken) => writer.WriteAsync(
        Path.Combine(Bus, "drivers", driver, "bind"), function.ToString(), $"bind {function} to driver {driver}",
        errno => errno switch
        {
            Errno.ENOENT => $"driver {driver} is not loaded; load it with modprobe {driver}",
            Errno.ENODEV => $"driver {driver} does not support this function, its driver_override names another "
                + "driver, or the function is gone",
            Errno.EBUSY => "the function already has a driver; unbind it first",
            _ => CommonError(errno),
        },
        cancellationToken);

    /// <summary>Takes the function away from its driver, whichever that is.</summary>
    public Task UnbindAsync(PciAddress function, CancellationToken cancellationToken) => WriteAsync(
        function, "driver/unbind", function.ToString(), $"unbind {function} from its driver",
        errno => errno switch
        {
            Errno.ENOENT => "no driver is bound, or the function is gone",
            Errno.ENODEV => "the function is no longer bound to the driver",
            _ => CommonError(errno),
        },
        cancellationToken);

    /// <summary><c>drivers_probe</c>: lets the kernel look for a driver, with <c>driver_override</c> in
    /// force.</summary>
    public Task ProbeDriversAsync(PciAddress function, CancellationToken cancellationToken) => writer.WriteAsync(
        Path.Combine(Bus, "drivers_probe"), function.ToString(), $"let the kernel find a driver for {function}",
        errno => errno == Errno.ENODEV ? "no function at this address" : CommonError(errno),
        cancellationToken);

    private Task WriteAsync(PciAddress function, string attribute, string text, string operation,
        Func<Errno, string?> meaning, CancellationToken cancellationToken) => writer.WriteAsync(
            Path.Combine(_functions.DirectoryOf(function), attribute), text, operation, meaning, cancellationToken);

    /// <summary>drivers/pci/pci-sysfs.c and iov.c (sriov_numvfs_store, sriov_enable), and what drivers add in their
    /// sriov_configure.</summary>
    private static string? VfCountError(Errno errno) => errno switch
    {
        Errno.ERANGE => "more VFs than sriov_totalvfs; the firmware sets that limit (ConnectX: mlxconfig NUM_OF_VFS, "
            + "then a reboot)",
        Errno.EBUSY => "another number of VFs is enabled; set 0 first",
        Errno.ENOENT => "the function has no SR-IOV capability, no driver is bound to it, or its driver does not set "
            + "VFs through sysfs (mlx4_core takes the module option num_vfs)",
        Errno.ENOMEM => "not enough MMIO space or PCI bus numbers for the VFs; enable 'Above 4G decoding', SR-IOV and "
            + "ARI in the BIOS, or boot with pci=realloc or pci=assign-busses",
        Errno.EPERM => "the driver reports that VFs are assigned to guests",
        Errno.EINVAL => "the driver refuses this number in its current state; bnxt_en needs the PF up, others another "
            + "e-switch mode",
        Errno.ETIMEDOUT or Errno.EIO => "the firmware did not enable the VFs; enable ACS, ARI and the IOMMU in the "
            + "BIOS, and update the firmware",
        _ => CommonError(errno),
    };

    private static string? CommonError(Errno errno) => errno switch
    {
        Errno.ENOENT => "no such function or attribute on this host",
        Errno.ENODEV => "the function is gone",
        Errno.EACCES or Errno.EPERM => "must be run as root",
        Errno.EROFS => "sysfs is mounted read-only, as in an unprivileged container",
        _ => null,
    };
}
