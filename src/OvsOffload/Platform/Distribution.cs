using OvsOffload.Os;

namespace OvsOffload.Platform;

/// <summary>Whose commands and files a fix has to name.</summary>
internal enum Distribution
{
    /// <summary>Every fix says what to do on each of the others.</summary>
    Unknown,

    /// <summary>Debian and Ubuntu.</summary>
    Debian,

    /// <summary>RHEL and its kin, Fedora, openEuler.</summary>
    Rhel,

    /// <summary>Proxmox VE.</summary>
    Proxmox,
}

/// <summary>Tells the distribution, and words fixes for it.</summary>
internal static class Distributions
{
    /// <summary>
    /// By the running kernel's name, which is what a fix of the kernel has to go by: <c>6.8.12-4-pve</c>,
    /// <c>5.14.0-503.el9.x86_64</c>, <c>6.1.0-56-amd64</c>, <c>6.8.0-49-generic</c>.
    /// </summary>
    public static Distribution Of(KernelRelease release) => release.Text switch
    {
        var text when text.EndsWith("-pve", StringComparison.Ordinal) => Distribution.Proxmox,
        var text when Has(text, ".el") || Has(text, ".fc") || Has(text, ".oe") => Distribution.Rhel,
        var text when Has(text, "-amd64") || Has(text, "-arm64") || Has(text, "-generic") || Has(text, "-lowlatency") =>
            Distribution.Debian,
        _ => Distribution.Unknown,
    };

    /// <summary>
    /// By the running kernel's name where that is Proxmox's (whose os-release says Debian), else by os-release, else by
    /// the kernel's name.
    /// </summary>
    public static Distribution Of(Reading<KernelRelease> release, Reading<OsRelease> system)
    {
        Distribution byKernel = release.IsKnown ? Of(release.Value) : Distribution.Unknown;
        if (byKernel == Distribution.Proxmox || !system.TryGet(out OsRelease? known))
        {
            return byKernel;
        }

        string[] names = [known.Id, .. known.Like];
        return names.Any(name => name is "debian" or "ubuntu") ? Distribution.Debian
            : names.Any(name => name is "rhel" or "fedora" or "centos" or "openEuler") ? Distribution.Rhel
            : byKernel;
    }

    /// <summary>How arguments are added to the kernel's command line.</summary>
    /// <param name="distribution">Where.</param>
    /// <param name="arguments">What: <c>intel_iommu=on iommu=pt</c>.</param>
    public static string AddToCommandLine(this Distribution distribution, string arguments) => distribution.Fix(
        debian: $"add \"{arguments}\" to GRUB_CMDLINE_LINUX in /etc/default/grub, run update-grub, reboot",
        rhel: $"grubby --update-kernel=ALL --args=\"{arguments}\", then reboot",
        proxmox: $"add \"{arguments}\" to /etc/kernel/cmdline and run proxmox-boot-tool refresh (systemd-boot), or to "
            + "GRUB_CMDLINE_LINUX in /etc/default/grub and run update-grub; then reboot");

    /// <summary>How ovs-vswitchd is restarted.</summary>
    public static string RestartOpenVSwitch(this Distribution distribution) => distribution.Fix(
        debian: "systemctl restart openvswitch-switch",
        rhel: "systemctl restart openvswitch",
        proxmox: "systemctl restart openvswitch-switch");

    /// <summary>How the initramfs is made anew, so that options of modules reach it.</summary>
    public static string RebuildInitramfs(this Distribution distribution) => distribution.Fix(
        debian: "update-initramfs -u",
        rhel: "dracut -f",
        proxmox: "update-initramfs -u");

    /// <summary>The wording for one distribution; for an unknown one all that differ.</summary>
    public static string Fix(this Distribution distribution, string debian, string rhel, string proxmox) =>
        distribution switch
        {
            Distribution.Debian => debian,
            Distribution.Rhel => rhel,
            Distribution.Proxmox => proxmox,
            _ when debian == proxmox => $"Debian, Ubuntu and Proxmox: {debian}. RHEL family: {rhel}",
            _ => $"Debian and Ubuntu: {debian}. RHEL family: {rhel}. Proxmox: {proxmox}",
        };

    private static bool Has(string text, string part) => text.Contains(part, StringComparison.Ordinal);
}
