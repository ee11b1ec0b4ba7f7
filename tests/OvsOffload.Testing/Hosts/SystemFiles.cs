using System.Globalization;
using System.Text;

namespace OvsOffload.Testing;

/// <summary>Writes what a host has below /proc, /sys, /boot, /lib and /etc apart from its cards.</summary>
internal static class SystemFiles
{
    /// <summary>CPUs of each of the two NUMA nodes.</summary>
    public const int CpusOfNode = 32;

    /// <summary>Other modules and options of a kernel, about as many as distributions have.</summary>
    private const int OtherModules = 6000, OtherOptions = 9000;

    private static readonly string[] TrafficControl =
    [
        "act_mirred", "act_tunnel_key", "act_ct", "act_vlan", "act_pedit", "act_csum", "act_gact", "act_police",
        "act_skbedit", "cls_flower",
    ];

    public static HostTree WriteSystem(this HostTree tree, HostDescription host)
    {
        DistributionDescription distribution = host.Distribution;
        string release = distribution.Release;
        tree.File("/proc/sys/kernel/hostname", "hyp7\n")
            .File("/proc/sys/kernel/osrelease", release + "\n")
            .File("/proc/sys/kernel/random/boot_id", "0c2b9a3e-0000-4000-8000-000000000001\n")
            .File("/proc/uptime", "864000.00 1000000.00\n")
            .File("/proc/cmdline", $"{distribution.CommandLine} rd.luks.passphrase=hunter2\n")
            .File("/proc/modules", string.Concat(distribution.Modules.Select(name => $"{name} 65536 0 - Live 0x0\n")))
            .File("/proc/mounts", "nfs.example:/export /mnt nfs rw 0 0\nnone /sys/kernel/debug debugfs rw 0 0\n")
            .File("/proc/self/mountinfo", "24 1 8:1 / / rw - ext4 /dev/sda1 rw\n")
            .Link("/proc/self/ns/pid", "pid:[4026531836]")
            .Link("/proc/self/ns/net", "net:[4026531840]")
            .File("/sys/kernel/security/lockdown", "[none] integrity confidentiality\n")
            .Dir("/sys/class/iommu/dmar0")
            .File("/sys/devices/system/node/node0/cpulist", $"0-{CpusOfNode - 1}\n")
            .File("/sys/devices/system/node/node1/cpulist", $"{CpusOfNode}-{2 * CpusOfNode - 1}\n")
            .File("/sys/devices/system/cpu/isolated", "\n")
            .File("/etc/os-release", distribution.OsRelease)
            .File(distribution.BootLoader.File, distribution.BootLoader.Text)
            .File($"/boot/config-{release}", Options(distribution))
            .File($"/lib/modules/{release}/modules.dep", Modules(distribution.ModuleSuffix))
            .File($"/lib/modules/{release}/modules.builtin", "kernel/net/sched/sch_ingress.ko\n");
        if (distribution.BootLoader.File == "/etc/kernel/cmdline")
        {
            tree.File("/etc/kernel/proxmox-boot-uuids", "A1B2-C3D4\n");
        }

        if (host.Switch is not null)
        {
            tree.File("/proc/sys/net/netfilter/nf_flowtable_tcp_timeout", "30\n");
        }

        foreach ((string file, string text) in host.Files)
        {
            tree.File(file, text);
        }

        return tree;
    }

    private static string Options(DistributionDescription distribution)
    {
        var text = new StringBuilder();
        for (int i = 0; i < OtherOptions; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"CONFIG_OPTION_NUMBER_{i}=y\n");
        }

        return text.AppendJoin("", distribution.KernelOptions.Select(option => $"CONFIG_{option}\n")).ToString();
    }

    private static string Modules(string suffix)
    {
        var text = new StringBuilder();
        for (int i = 0; i < OtherModules; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"kernel/drivers/some/where/module{i}{suffix}: ")
                .Append(CultureInfo.InvariantCulture, $"kernel/lib/other{i}{suffix}\n");
        }

        return text.AppendJoin("", TrafficControl.Select(name => $"kernel/net/sched/{name}{suffix}:\n")).ToString();
    }
}
