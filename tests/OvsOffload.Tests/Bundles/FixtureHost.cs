using System.Globalization;
using System.Text;
using OvsOffload.Bundles;
using OvsOffload.Host;
using OvsOffload.OpenVSwitch;
using OvsOffload.System;
using OvsOffload.Tests.Fixtures;

namespace OvsOffload.Tests.Bundles;

/// <summary>
/// A whole host below a directory, with a kernel and an Open vSwitch that answer: ConnectX-6 Dx PFs in switchdev mode,
/// whose VFs guests hold and whose representors are ports of br1.
/// </summary>
internal sealed class FixtureHost : IDisposable
{
    public const string Release = "6.8.0-45-generic";

    /// <summary>Guests hold the VFs by vfio; the processes of the fixture begin here.</summary>
    private const int FirstGuest = 2000;

    private readonly HostTree _tree = new();

    public FixtureHost(int pfs = 2, int vfs = 4, int logLines = 40)
    {
        (Pfs, Vfs) = (pfs, vfs);
        Kernel = new FixtureKernel(pfs, vfs);
        Switch = new FixtureSwitch(pfs, vfs);
        WriteSystem(logLines);
        for (int pf = 0; pf < pfs; pf++)
        {
            WritePf(pf);
        }
    }

    public int Pfs { get; }

    public int Vfs { get; }

    public FixtureKernel Kernel { get; }

    public FixtureSwitch Switch { get; }

    public HostTree Tree => _tree;

    public HostPaths Paths => _tree.Paths with { Process = 900 };

    public OvsdbOptions Database => new() { Recorded = Switch };

    public UnixctlOptions Daemon => new() { Answers = Switch };

    public static string PfAddress(int pf) => $"0000:03:00.{pf}";

    public static string Configuration => "/etc/ovs-offload/config.yaml";

    /// <summary>Reads the host as a command on it does.</summary>
    public HostReader Reader => new(Paths, Database, Daemon, TimeProvider.System) { Netlink = Kernel };

    /// <summary>Makes a recording of it.</summary>
    public Task<Recording> RecordAsync(bool masked) =>
        new RecordingHost(Paths, Database, Daemon, TimeProvider.System) { Netlink = Kernel }.ReadAsync(
            _tree.At(Configuration), [], "1.2.3", masked, TestContext.Current.CancellationToken);

    /// <summary>A bundle of it as a file.</summary>
    public async Task<byte[]> BundleAsync(bool masked)
    {
        using var stream = new MemoryStream();
        BundleFile.Write(stream, await RecordAsync(masked));
        return stream.ToArray();
    }

    public void Dispose() => _tree.Dispose();

    private static string VfAddress(int pf, int vfs, int vf)
    {
        int number = 2 + pf * vfs + vf;
        return string.Create(
            CultureInfo.InvariantCulture, $"0000:{3 + number / 256:x2}:{number / 8 % 32:x2}.{number % 8}");
    }

    private void WritePf(int pf)
    {
        string address = PfAddress(pf);
        string directory = $"/sys/bus/pci/devices/{address}";
        _tree.Pci(address, "15b3:101d", attributes:
            [
                ("sriov_totalvfs", "127"), ("sriov_numvfs", $"{Vfs}"), ("sriov_drivers_autoprobe", "0"),
                ("sriov_offset", "2"), ("sriov_stride", "1"), ("numa_node", "0"), ("driver_override", "(null)"),
                ("current_link_speed", "16.0 GT/s PCIe"), ("max_link_speed", "16.0 GT/s PCIe"),
                ("current_link_width", "16"), ("max_link_width", "16"),
            ])
            .Link($"{directory}/driver", "../../../bus/pci/drivers/mlx5_core")
            .Link($"{directory}/iommu_group", $"../../../kernel/iommu_groups/{20 + pf}")
            .Dir($"{directory}/net/enp3s0f{pf}np{pf}")
            .File($"/sys/class/net/enp3s0f{pf}np{pf}/speed", "100000\n")
            .File($"/sys/kernel/debug/mlx5/{address}/lag/state", "disabled\n");
        for (int irq = 0; irq < 32; irq++)
        {
            int number = 100 + pf * 40 + irq;
            _tree.File($"{directory}/msi_irqs/{number}", "msix\n")
                .File($"/proc/irq/{number}/smp_affinity_list", $"{irq}\n")
                .Dir($"/proc/irq/{number}/mlx5_comp{irq}@pci:{address}");
        }

        for (int vf = 0; vf < Vfs; vf++)
        {
            WriteVf(pf, vf, directory);
        }
    }

    private void WriteVf(int pf, int vf, string pfDirectory)
    {
        string address = VfAddress(pf, Vfs, vf);
        string directory = $"/sys/bus/pci/devices/{address}";
        int group = 100 + pf * Vfs + vf;
        int guest = FirstGuest + pf * Vfs + vf;
        _tree.Pci(address, "15b3:101e", attributes: [("numa_node", "0"), ("driver_override", "vfio-pci")])
            .Link($"{pfDirectory}/virtfn{vf}", $"../{address}")
            .Link($"{directory}/physfn", $"../{PfAddress(pf)}")
            .Link($"{directory}/driver", "../../../bus/pci/drivers/vfio-pci")
            .Link($"{directory}/iommu_group", $"../../../kernel/iommu_groups/{group}")
            .File($"/sys/kernel/iommu_groups/{group}/type", "DMA-FQ\n")
            .File($"/proc/{guest}/comm", "qemu-system-x86\n")
            .Link($"/proc/{guest}/ns/net", "net:[4026531840]")
            .Link($"/proc/{guest}/fd/3", "/var/lib/libvirt/images/customer.qcow2")
            .Link($"/proc/{guest}/fd/4", $"socket:[{5000 + guest}]")
            .Link($"/proc/{guest}/fd/5", $"/dev/vfio/{group}");
    }

    private void WriteSystem(int logLines)
    {
        _tree.File("/proc/sys/kernel/hostname", "hyp7\n")
            .File("/proc/sys/kernel/osrelease", Release + "\n")
            .File("/proc/sys/kernel/random/boot_id", "0c2b9a3e-0000-4000-8000-000000000001\n")
            .File("/proc/uptime", "864000.00 1000000.00\n")
            .File("/proc/cmdline", "BOOT_IMAGE=/vmlinuz intel_iommu=on iommu=pt rd.luks.passphrase=hunter2\n")
            .File("/proc/modules", "mlx5_core 2000000 1 mlx5_ib, Live 0x0\nact_mirred 16384 0 - Live 0x0\n")
            .File("/proc/mounts", "nfs.example:/export /mnt nfs rw 0 0\nnone /sys/kernel/debug debugfs rw 0 0\n")
            .Link("/proc/self/ns/pid", "pid:[4026531836]")
            .Link("/proc/self/ns/net", "net:[4026531840]")
            .File("/proc/self/mountinfo", "24 1 8:1 / / rw - ext4 /dev/sda1 rw\n")
            .File("/proc/net/tcp", Connections)
            .File("/proc/net/arp", "IP address HW type Flags HW address Mask Device\n"
                + "10.1.2.1 0x1 0x2 52:54:00:aa:bb:cc * br1\n")
            .File("/proc/900/environ", "PATH=/bin\0AWS_SECRET=abc\0SSH_CONNECTION=10.1.2.99 40000 10.1.2.3 22\0")
            .File("/proc/900/stat", "900 (ovs-offload) S 1 1 1\n")
            .File("/proc/900/comm", "sshd\n")
            .Link("/proc/900/fd/3", "socket:[777]")
            .Link("/proc/900/ns/net", "net:[4026531840]")
            .File("/sys/kernel/security/lockdown", "[none] integrity confidentiality\n")
            .Dir("/sys/class/iommu/dmar0")
            .File("/etc/os-release", "ID=ubuntu\nVERSION_ID=\"24.04\"\n")
            .File("/etc/default/grub", "GRUB_CMDLINE_LINUX=\"intel_iommu=on iommu=pt\"\n")
            .File("/etc/network/interfaces", "iface br1 inet static\n  address 10.1.2.3/24\n  wpa-psk topsecret\n")
            .File("/boot/config-" + Release, KernelOptions)
            .File($"/lib/modules/{Release}/modules.dep", ModuleList)
            .File($"/lib/modules/{Release}/modules.builtin", "kernel/net/sched/sch_ingress.ko\n")
            .File("/dev/kmsg", KernelLines(logLines))
            .File("/var/log/openvswitch/ovs-vswitchd.log", DaemonLines(logLines))
            .File(Configuration, "version: 1\nmetrics: { listen: \"10.1.2.3:9975\" }\n");
    }

    private static string[] Modules =>
    [
        "act_mirred", "act_tunnel_key", "act_ct", "act_vlan", "act_pedit", "act_csum", "act_gact", "act_police",
        "act_skbedit", "cls_flower",
    ];

    private static string Connections =>
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
        + "   0: 0302010A:0016 6302010A:9C40 01 00000000:00000000 00:00000000 00000000     0        0 777 1 0\n"
        + "   1: 0302010A:1F90 0707070A:9C40 01 00000000:00000000 00:00000000 00000000     0        0 888 1 0\n";

    private static string KernelOptions
    {
        get
        {
            var text = new StringBuilder();
            for (int i = 0; i < 9000; i++)
            {
                text.Append(CultureInfo.InvariantCulture, $"CONFIG_OPTION_NUMBER_{i}=y\n");
            }

            return text.Append("CONFIG_NET_TC_SKB_EXT=y\nCONFIG_MLX5_CLS_ACT=y\nCONFIG_MLX5_ESWITCH=y\n").ToString();
        }
    }

    private static string ModuleList
    {
        get
        {
            var text = new StringBuilder();
            for (int i = 0; i < 6000; i++)
            {
                text.Append(
                    CultureInfo.InvariantCulture, $"kernel/drivers/some/where/module{i}.ko.zst: kernel/lib/other{i}.ko.zst\n");
            }

            foreach (string module in Modules)
            {
                text.Append(CultureInfo.InvariantCulture, $"kernel/net/sched/{module}.ko.zst:\n");
            }

            return text.ToString();
        }
    }

    private static string KernelLines(int lines)
    {
        var text = new StringBuilder();
        for (int i = 0; i < lines; i++)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"6,{i},{i * 1000},-;mlx5_core 0000:03:00.0: line {i} of 52:54:00:aa:bb:cc at 10.1.2.3\n");
            text.Append(" SUBSYSTEM=pci\n");
        }

        return text.ToString();
    }

    private static string DaemonLines(int lines)
    {
        var text = new StringBuilder();
        for (int i = 0; i < lines; i++)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"2026-01-02T03:04:{i % 60:00}.000Z|{i:00000}|bridge|INFO|bridge br1: added interface of web-shop-1\n");
        }

        return text.ToString();
    }
}
