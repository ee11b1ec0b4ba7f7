using OvsOffload.Platform;

namespace OvsOffload.Tests.Platform;

public sealed class BootArgumentsTests : IDisposable
{
    private readonly HostTree _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Both_lines_of_grub_count_and_of_each_the_last()
    {
        _host.File("/etc/default/grub", "GRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n"
            + "#GRUB_CMDLINE_LINUX=\"iommu=soft\"\nGRUB_CMDLINE_LINUX=\"intel_iommu=off\"\n"
            + "GRUB_CMDLINE_LINUX=\"intel_iommu=on iommu=pt\"\n");

        BootArguments read = BootArguments.Read(_host.Paths).Value;

        Assert.Equal("/etc/default/grub", read.Source);
        Assert.Equal(["intel_iommu=on", "iommu=pt", "quiet"], read.Line.Words);
    }

    [Fact]
    public void With_proxmox_boot_tool_the_file_of_systemd_boot_counts()
    {
        _host.File("/etc/kernel/proxmox-boot-uuids", "1234-ABCD\n").File("/etc/kernel/cmdline", "root=ZFS=rpool "
            + "iommu=pt\n")
            .File("/etc/default/grub", "GRUB_CMDLINE_LINUX=\"\"\n");

        BootArguments read = BootArguments.Read(_host.Paths).Value;

        Assert.Equal(("/etc/kernel/cmdline", "pt"), (read.Source, read.Line.ValueOf("iommu")));
    }

    [Fact]
    public void A_host_with_another_boot_loader_has_none() => Assert.True(BootArguments.Read(_host.Paths).IsAbsent);
}
