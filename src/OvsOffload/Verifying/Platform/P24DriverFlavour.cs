using OvsOffload.Host;
using OvsOffload.Intent;

namespace OvsOffload.Verifying;

/// <summary>Which build of mlx5_core runs.</summary>
internal sealed class P24DriverFlavour : FunctionCheck
{
    public override CheckInfo Info { get; } = new(
        "P24",
        "driver-flavour",
        CheckSeverity.Info,
        "the driver is the vendor's own build",
        """
        mlx5_core comes with the kernel (inbox), or from the vendor in MLNX_OFED and DOCA-Host. The vendor's build has
        its own version in /sys/module/mlx5_core/version and does not depend on the kernel's build options: P09 and P10
        then go by what the driver does. It has to match the kernel exactly, so after a kernel update it may be missing
        and the inbox driver is loaded instead, possibly without offload.

        It is reported as info, so that a report names the driver.
        """);

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? intent, Observation input)
    {
        string name = pf.Address.ToString();
        if (!pf.IsMlx5)
        {
            return [Skip(name, $"driver {pf.Driver ?? "none"} has no vendor build")];
        }

        return
        [
            input.State.Platform.Mlx5Version.Match(
                version => Found(FindingStatus.Info, name, "mlx5_core is the vendor's build, version "
                    + $"{Objects.OneLine(version)}",
                    $"/sys/module/mlx5_core/version: {Objects.OneLine(version)}",
                    "the drivers of MLNX_OFED or DOCA-Host are installed",
                    "rebuild them for each new kernel (dkms, or mlnxofedinstall --add-kernel-support)"),
                why => Ok(name, "mlx5_core is the kernel's own build: no /sys/module/mlx5_core/version"),
                why => Skip(name, $"/sys/module/mlx5_core/version: {why}")),
        ];
    }
}
