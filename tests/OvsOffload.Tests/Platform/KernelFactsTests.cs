using OvsOffload.Platform;

namespace OvsOffload.Tests.Platform;

public sealed class KernelFactsTests : IDisposable
{
    private readonly HostTree _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void The_running_kernel_is_read_whole()
    {
        _host.File("/proc/sys/kernel/osrelease", "6.1.0-56-amd64\n")
            .File("/proc/cmdline",
                "BOOT_IMAGE=/boot/vmlinuz-6.1.0-56-amd64 root=/dev/sda1 intel_iommu=on iommu=pt quiet\n")
            .File("/boot/config-6.1.0-56-amd64", "CONFIG_MLX5_CLS_ACT=y\n")
            .File("/sys/kernel/security/lockdown", "none [integrity] confidentiality\n")
            .File("/proc/modules",
                "mlx5_core 1773568 1 mlx5_ib, Live 0x0000000000000000\nvfio_pci 16384 0 - Live 0x0\n")
            .File("/proc/sys/kernel/random/boot_id", "2f0ab4f5-9a0e-4b1f-8fd3-40e8d9a0b1c2\n")
            .File("/proc/uptime", "3601.50 7000.11\n");

        var kernel = KernelFacts.Read(_host.Paths);

        Assert.Equal(6, kernel.Release.Value.Major);
        Assert.Equal(1, kernel.Release.Value.Minor);
        Assert.Equal("pt", kernel.CommandLine.Value.ValueOf("iommu"));
        Assert.True(kernel.Configuration.Value.IsOn("MLX5_CLS_ACT"));
        Assert.Equal("integrity", kernel.Lockdown.Value);
        Assert.Equal(["mlx5_core", "vfio_pci"], kernel.Modules.Value.Order());
        Assert.Equal("2f0ab4f5-9a0e-4b1f-8fd3-40e8d9a0b1c2", kernel.BootId.Value);
        Assert.Equal(TimeSpan.FromSeconds(3601.5), kernel.Uptime.Value);
    }

    [Fact]
    public void What_the_kernel_does_not_have_is_absent()
    {
        var kernel = KernelFacts.Read(_host.Paths);

        Assert.True(kernel.Lockdown.IsAbsent);
        Assert.True(kernel.Modules.IsAbsent);
        Assert.True(kernel.Configuration.IsAbsent);
        Assert.True(KernelFacts.ModuleVersion(_host.Paths, "mlx5_core").IsAbsent);
    }

    [Fact]
    public void Nonsense_is_failed()
    {
        _host.File("/proc/sys/kernel/osrelease", "six\n").File("/proc/uptime", "long\n")
            .File("/sys/kernel/security/lockdown", "integrity\n");

        var kernel = KernelFacts.Read(_host.Paths);

        Assert.True(kernel.Release.IsFailed);
        Assert.True(kernel.Configuration.IsFailed);
        Assert.True(kernel.Uptime.IsFailed);
        Assert.True(kernel.Lockdown.IsFailed);
    }

    [Fact]
    public void The_driver_of_OFED_says_its_version()
    {
        _host.File("/sys/module/mlx5_core/version", "24.10-1.1.4\n");

        Assert.Equal("24.10-1.1.4", KernelFacts.ModuleVersion(_host.Paths, "mlx5_core").Value);
    }

    [Theory]
    [InlineData("6.1.0-56-amd64", 5, 9, true)]
    [InlineData("6.1.0-56-amd64", 6, 1, true)]
    [InlineData("6.1.0-56-amd64", 6, 4, false)]
    [InlineData("4.18.0-553.el8.x86_64", 5, 0, false)]
    [InlineData("6.12-rc3", 6, 12, true)]
    public void Releases_compare_as_numbers(string text, int major, int minor, bool isAtLeast) =>
        Assert.Equal(isAtLeast, KernelRelease.Parse(text).Value.IsAtLeast(major, minor));

    [Fact]
    public void An_enterprise_kernel_is_known_by_its_suffix()
    {
        Assert.True(KernelRelease.Parse("4.18.0-553.el8.x86_64").Value.IsEnterpriseBackport);
        Assert.False(KernelRelease.Parse("6.1.0-56-amd64").Value.IsEnterpriseBackport);
    }

    [Theory]
    [InlineData("iommu=off iommu=pt", "iommu", "pt")]
    [InlineData("quiet splash", "quiet", "")]
    [InlineData("quiet splash", "qui", null)]
    [InlineData("dyndbg=\"file drivers/x +p\" ro", "dyndbg", "file drivers/x +p")]
    [InlineData("dyndbg=\"file drivers/x +p\" ro", "ro", "")]
    [InlineData("mlx5-core.prof_sel=2", "mlx5_core.prof_sel", "2")]
    [InlineData("", "iommu", null)]
    public void Of_an_option_of_the_command_line_the_last_counts(string text, string name, string? value) =>
        Assert.Equal(value, KernelCommandLine.Parse(text).ValueOf(name));
}
