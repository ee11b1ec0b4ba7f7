namespace OvsOffload.Testing;

/// <summary>Installations, with the names and files that each of them has.</summary>
internal static class Distributions
{
    public static DistributionDescription Ubuntu2204 { get; } = new()
    {
        Release = "5.15.0-119-generic",
        OsRelease = "ID=ubuntu\nID_LIKE=debian\nVERSION_ID=\"22.04\"\nPRETTY_NAME=\"Ubuntu 22.04.5 LTS\"\n",
        CommandLine = "BOOT_IMAGE=/vmlinuz-5.15.0-119-generic root=/dev/sda2 ro intel_iommu=on iommu=pt",
        BootLoader = ("/etc/default/grub", "GRUB_CMDLINE_LINUX=\"intel_iommu=on iommu=pt\"\n"),
        ModuleSuffix = ".ko",
        Modules = ["mlx5_core", "openvswitch", "act_mirred", "vfio_pci"],
    };

    public static DistributionDescription Ubuntu2404 { get; } = new()
    {
        Release = "6.8.0-45-generic",
        OsRelease = "ID=ubuntu\nID_LIKE=debian\nVERSION_ID=\"24.04\"\nPRETTY_NAME=\"Ubuntu 24.04.1 LTS\"\n",
        CommandLine = "BOOT_IMAGE=/vmlinuz intel_iommu=on iommu=pt",
        BootLoader = ("/etc/default/grub", "GRUB_CMDLINE_LINUX=\"intel_iommu=on iommu=pt\"\n"),
        Modules = ["mlx5_core", "openvswitch", "act_mirred", "vfio_pci"],
    };

    public static DistributionDescription Rhel9 { get; } = new()
    {
        Release = "5.14.0-503.14.1.el9_5.x86_64",
        OsRelease = "ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\nPRETTY_NAME=\"Rocky Linux 9.5 (Blue Onyx)\"\n",
        CommandLine = "BOOT_IMAGE=(hd0,gpt2)/vmlinuz root=/dev/mapper/rl-root ro amd_iommu=on iommu=pt",
        BootLoader = ("/etc/default/grub", "GRUB_CMDLINE_LINUX=\"amd_iommu=on iommu=pt\"\n"),
        ModuleSuffix = ".ko.xz",
        Modules = ["mlx5_core", "openvswitch", "act_mirred", "vfio_pci"],
    };

    /// <summary>Its kernel has neither NET_TC_SKB_EXT nor MLX5_TC_CT.</summary>
    public static DistributionDescription Debian12 { get; } = new()
    {
        Release = "6.1.0-26-amd64",
        OsRelease = "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\nVERSION_ID=\"12\"\n",
        CommandLine = "BOOT_IMAGE=/boot/vmlinuz-6.1.0-26-amd64 root=/dev/sda1 ro quiet intel_iommu=on iommu=pt",
        BootLoader = ("/etc/default/grub",
            "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\nGRUB_CMDLINE_LINUX=\"intel_iommu=on iommu=pt\"\n"),
        KernelOptions = ["NET_CLS_FLOWER=m", "NET_ACT_CT=m", "NF_FLOW_TABLE=m", "MLX5_ESWITCH=y", "MLX5_CLS_ACT=y"],
        ModuleSuffix = ".ko",
        Modules = ["igb", "igbvf", "vfio_pci", "bridge"],
    };

    /// <summary>It boots from ZFS, so that systemd-boot and /etc/kernel/cmdline are in charge.</summary>
    public static DistributionDescription Proxmox8 { get; } = new()
    {
        Release = "6.8.12-4-pve",
        OsRelease = "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\nVERSION_ID=\"12\"\n",
        CommandLine = "initrd=\\EFI\\proxmox\\6.8.12-4-pve\\initrd.img-6.8.12-4-pve root=ZFS=rpool/ROOT/pve-1 boot=zfs "
            + "intel_iommu=on iommu=pt",
        BootLoader = ("/etc/kernel/cmdline", "root=ZFS=rpool/ROOT/pve-1 boot=zfs intel_iommu=on iommu=pt\n"),
        ModuleSuffix = ".ko",
        Modules = ["mlx4_core", "mlx4_en", "vfio_pci", "bridge", "zfs"],
    };
}
