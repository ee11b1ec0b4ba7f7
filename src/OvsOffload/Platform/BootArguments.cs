using OvsOffload.Os;

namespace OvsOffload.Platform;

/// <summary>The kernel's command line as the boot loader will give it at the next boot.</summary>
/// <param name="Source">Where it stands: <c>/etc/default/grub</c>, <c>/etc/kernel/cmdline</c>.</param>
/// <param name="Line">The arguments.</param>
internal sealed record BootArguments(string Source, KernelCommandLine Line)
{
    private const string Grub = "/etc/default/grub", Kernel = "/etc/kernel/cmdline";

    /// <summary>
    /// Reads <c>/etc/kernel/cmdline</c> where systemd-boot is in charge (Proxmox VE with proxmox-boot-tool), else
    /// <c>/etc/default/grub</c>. Absent: the host has neither.
    /// </summary>
    public static Reading<BootArguments> Read(HostPaths paths)
    {
        string proxmox = Path.Combine(paths.Etc, "kernel/proxmox-boot-uuids");
        if (!paths.Files.Bytes(proxmox).IsAbsent)
        {
            return paths.Files.LooseText(Path.Combine(paths.Etc, "kernel/cmdline"))
                .Map(text => new BootArguments(Kernel, KernelCommandLine.Parse(text)));
        }

        return paths.Files.LooseText(Path.Combine(paths.Etc, "default/grub"))
            .Map(text => new BootArguments(Grub, KernelCommandLine.Parse(FromGrub(text))));
    }

    /// <summary>
    /// GRUB_CMDLINE_LINUX and GRUB_CMDLINE_LINUX_DEFAULT, which grub-mkconfig joins; of each the last line counts.
    /// </summary>
    public static string FromGrub(string text)
    {
        return $"{Last("GRUB_CMDLINE_LINUX")} {Last("GRUB_CMDLINE_LINUX_DEFAULT")}".Trim();

        string Last(string name) => text.Split('\n', StringSplitOptions.TrimEntries)
            .LastOrDefault(line => line.StartsWith($"{name}=", StringComparison.Ordinal)) is { } line
                ? line[(name.Length + 1)..].Trim('"', '\'')
                : "";
    }
}
