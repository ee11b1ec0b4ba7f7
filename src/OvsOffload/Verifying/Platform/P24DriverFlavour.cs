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
        mlx5_core comes with the kernel (inbox), or from the vendor in MLNX_OFED and DOCA-Host. The vendor's has a
        version of its own, which /sys/module/mlx5_core/version shows, and is not bound to the options that the kernel
        was built with: P09 and P10 then go by what the driver does. It has to fit the kernel exactly, so after an
        update of the kernel it may be missing, and the inbox driver comes up instead, perhaps without offload.

        It is told as info, so that a report names the driver.
        """);

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? wish, VerifyInput input)
    {
        string name = pf.Address.ToString();
        if (pf.Driver != "mlx5_core")
        {
            return [Skip(name, $"its driver is {pf.Driver ?? "none"}, which has one build")];
        }

        return
        [
            input.State.Platform.Mlx5Version.Match(
                version => Found(FindingStatus.Info, name, $"mlx5_core is the vendor's, version "
                    + $"{Objects.OneLine(version)}",
                    $"/sys/module/mlx5_core/version: {Objects.OneLine(version)}",
                    "the drivers of MLNX_OFED or DOCA-Host are installed",
                    "build them anew with each new kernel (dkms, or mlnxofedinstall --add-kernel-support)"),
                why => Ok(name, "mlx5_core is the kernel's own: it has no /sys/module/mlx5_core/version"),
                why => Skip(name, $"/sys/module/mlx5_core/version: {why}")),
        ];
    }
}
