using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Nics;
using OvsOffload.Os;
using OvsOffload.Platform;
using OvsOffload.Sysfs;
using static OvsOffload.Tests.Verifying.FaultyParts;

namespace OvsOffload.Tests.Verifying;

/// <summary>Hosts with one fault of kernel, BIOS or card, one for each check of platforms.</summary>
internal static class FaultyPlatforms
{
    public static IReadOnlyDictionary<string, FaultyHost> ByCheck { get; } = new Dictionary<string, FaultyHost>
    {
        ["P01"] = new(
            Healthy.WithKernel(kernel => kernel with { Iommu = SampleHost.IommuOf(0) })
                .WithKernelFacts(facts => facts with
                {
                    CommandLine = Reading.Known(KernelCommandLine.Parse("root=/dev/sda1 ro quiet")),
                }),
            "/sys/kernel/iommu_groups: empty; /proc/cmdline: no intel_iommu=",
            "intel_iommu=on iommu=pt"),
        ["P02"] = new(
            Healthy.WithKernelFacts(facts => facts with
            {
                CommandLine = Reading.Known(KernelCommandLine.Parse("root=/dev/sda1 ro intel_iommu=on")),
            }),
            "/sys/kernel/iommu_groups/0/type: DMA-FQ; /proc/cmdline: no iommu=pt",
            "iommu=pt"),
        ["P03"] = new(
            SampleHost.Fresh().WithKernelLog("mlx5_core 0000:3b:00.0: not enough MMIO resources for SR-IOV"),
            "kernel log: mlx5_core 0000:3b:00.0: not enough MMIO resources for SR-IOV",
            "pci=realloc")
        {
            Intent = HostIntent.Observe,
        },
        ["P04"] = new(
            SampleHost.Fresh().WithKernelLog(
                "mlx5_core 0000:3b:00.0: can't enable 64 VFs (bus 3c out of range of [bus 3b])"),
            "can't enable 64 VFs (bus 3c out of range of [bus 3b])",
            "ARI")
        {
            Intent = HostIntent.Observe,
        },
        ["P05"] = new(
            SampleHost.Fresh().WithKernelLog("mlx5_core 0000:3b:00.0: wait_func:1137:(pid 900): "
                + "ENABLE_HCA(0x104) timeout. Will cause a leak of a command resource"),
            "ENABLE_HCA(0x104) timeout",
            "ARI and ACS")
        {
            Intent = HostIntent.Observe,
        },
        ["P06"] = new(
            SampleHost.Fresh().WithPf(pf => pf with { VfLimit = Reading.Known(0) }),
            "/sys/bus/pci/devices/0000:3b:00.0/sriov_totalvfs: 0",
            "SRIOV_EN=1 NUM_OF_VFS=16")
        {
            Intent = new HostIntent { Nics = [SampleIntent.Nic(null, 16)] },
        },
        ["P07"] = new(
            Healthy,
            "sriov_totalvfs: 64; defaults: vfs: 100",
            "NUM_OF_VFS=100")
        {
            Intent = SampleIntent.Switchdev(100, RepresentorPorts.All),
        },
        ["P08"] = new(
            Healthy.WithPf(pf => pf with
            {
                Firmware = pf.Firmware.Map(firmware => firmware with { Stored = "22.45.1020" }),
            }),
            "running fw 22.43.2026, stored fw 22.45.1020",
            "cold reboot"),
        ["P09"] = new(
            Healthy.WithRepresentor(0, Fixed).WithRepresentor(1, Fixed)
                .WithKernelFacts(facts => facts with
                {
                    Configuration = SampleHost.Options(
                        [.. SampleHost.OffloadOptions.Where(name => name is not ("NET_TC_SKB_EXT" or "MLX5_CLS_ACT"))]),
                }),
            "ethtool -k enp59s0f0npf0vf0: hw-tc-offload: off [fixed]; /boot/config-6.8.0-49-generic",
            "DOCA-Host"),
        ["P10"] = new(
            Healthy.WithKernelLog("mlx5_core 0000:3b:00.0: mlx5 tc ct offload isn't enabled.")
                .WithKernelFacts(facts => facts with
                {
                    Configuration = SampleHost.Options(
                        [.. SampleHost.OffloadOptions.Where(name => name != "MLX5_TC_CT")]),
                }),
            "CONFIG_MLX5_TC_CT not set",
            "disable security groups"),
        ["P11"] = new(
            Healthy.WithPlatform(platform => platform with
            {
                TrafficControlModules = platform.TrafficControlModules
                    .Map<IReadOnlySet<string>>(modules => modules.Except(["act_mirred"]).ToHashSet()),
            }),
            "/lib/modules/6.8.0-49-generic/modules.dep and modules.builtin: no act_mirred",
            "linux-modules-extra"),
        ["P12"] = new(
            Healthy.WithKernelFacts(facts => facts with { Release = KernelRelease.Parse("4.4.0-210-generic") }),
            "uname -r: 4.4.0-210-generic; flow offload since 4.8",
            "linux-generic-hwe"),
        ["P13"] = new(
            Healthy.WithOption("dpdk-init", "true"),
            "other_config:dpdk-init: true",
            "remove Open_vSwitch . other_config dpdk-init"),
        ["P14"] = new(
            BondOfBoth(Healthy.WithSecondPort(pf => pf with { DriversAutoprobe = Reading.Known(false) }))
                .WithKernelFacts(facts => facts with { Lockdown = Reading.Known("confidentiality") }),
            "/sys/kernel/security/lockdown: confidentiality",
            "lockdown=integrity"),
        ["P15"] = new(
            Healthy.WithPf(pf => pf with { NumaNode = 0 })
                .WithVf(0, vf => vf with
                {
                    Holder = Reading.Known(new Holder(HolderKind.Vfio, "qemu (pid 4711) has /dev/vfio/12 open")
                    {
                        Processes = [4711],
                    }),
                })
                .WithPlatform(platform => platform with
                {
                    HolderCpus = ImmutableDictionary<int, Reading<ImmutableHashSet<int>>>.Empty.Add(
                        4711, Reading.Known<ImmutableHashSet<int>>([8, 9])),
                }),
            "/proc/4711/task/*/status: Cpus_allowed_list has no CPU of node 0",
            "pin the guest to node 0"),
        ["P16"] = new(
            Healthy.WithAround(around => around with
            {
                Link = Reading.Known(new PcieLink("8.0 GT/s PCIe", 2, "16.0 GT/s PCIe", 16)),
            }),
            "current_link_speed: 8.0 GT/s PCIe, width 2; the card supports 16.0 GT/s PCIe, width 16",
            "move the card to a slot"),
        ["P17"] = new(
            SampleHost.Fresh().WithPf(pf => pf with
            {
                Model = NicModels.BuiltIn.Find(PciId.Parse("15b3:0212")),
                Driver = null,
                VfLimit = Reading.Absent<int>("no SR-IOV capability"),
                VfCount = Reading.Absent<int>("no SR-IOV capability"),
                Eswitch = Reading.Absent<Eswitch>("the driver of 0000:3b:00.0 does not register with devlink"),
            }),
            "/sys/bus/pci/devices/0000:3b:00.0/device: 15b3:0212",
            "burn")
        {
            Intent = HostIntent.Observe,
        },
        ["P18"] = new(
            Healthy.WithPf(pf => pf with
            {
                Health = Reading.Known<ImmutableArray<HealthReporter>>([new HealthReporter("fw_fatal", false, 1, 0)]),
            }),
            "reporter fw_fatal: state error, error 1, recover 0",
            "devlink health recover"),
        ["P19"] = new(
            Healthy.WithUptime(TimeSpan.FromMinutes(6)).WithKernelLog("mlx5_core 0000:3b:00.0: "
                + "mlx5_cmd_out_err:808:(pid "
                + "7): MODIFY_VPORT_CONTEXT(0x755) op_mod(0x0) failed, status bad parameter(0x3), syndrome (0x1e2c), "
                + "err(-22)"),
            "syndrome (0x1e2c)",
            "support"),
        ["P20"] = new(
            Healthy.WithUptime(TimeSpan.FromMinutes(6)).WithKernelLog("mlx5_core 0000:3b:00.0: wait_func:1137:(pid "
                + "900): "
                + "QUERY_VPORT_COUNTER(0x770) timeout. Will cause a leak of a command resource"),
            "QUERY_VPORT_COUNTER(0x770) timeout",
            "devlink health show pci/0000:3b:00.0"),
        ["P21"] = new(
            Healthy.WithPlatform(platform => platform with
            {
                ModuleOptions = Options("/etc/modprobe.d/vfio.conf", "vfio_pci", "ids=10de:1b39,15b3:101d"),
            }),
            "/etc/modprobe.d/vfio.conf: options vfio-pci ids=10de:1b39,15b3:101d; the PF is 15b3:101d",
            "remove 15b3:101d from the list"),
        ["P22"] = new(
            SampleHost.I350().WithPlatform(platform => platform with
            {
                ModuleOptions = Options("/etc/modprobe.d/igb.conf", "igb", "max_vfs=7"),
            }),
            "/etc/modprobe.d/igb.conf: options igb max_vfs=7",
            "vfs: N in the configuration")
        {
            Intent = new HostIntent { Nics = [SampleIntent.Nic(null, 2)] },
        },
        ["P23"] = new(
            Healthy.WithPlatform(platform => platform with
            {
                BootArguments = Reading.Known(new BootArguments(
                    "/etc/default/grub", KernelCommandLine.Parse("intel_iommu=on iommu=pt pci=realloc"))),
            }),
            "/etc/default/grub: pci=realloc; /proc/cmdline: intel_iommu=on iommu=pt",
            "run update-grub and reboot"),
        ["P24"] = new(
            Healthy.WithPlatform(platform => platform with { Mlx5Version = Reading.Known("24.10-1.1.4") }),
            "/sys/module/mlx5_core/version: 24.10-1.1.4",
            "dkms"),
        ["P25"] = new(
            SampleHost.Legacy().WithPf(pf => pf with { VfCount = Reading.Known(4) }),
            "sriov_numvfs: 4; virtfnN: 2; sriov_totalvfs: 64; configuration: not set",
            "echo 0, then 4")
        {
            Intent = HostIntent.Observe,
        },
    };

    private static Reading<IReadOnlyList<ModuleOption>> Options(string file, string module, string text) =>
        Reading.Known<IReadOnlyList<ModuleOption>>([new ModuleOption(file, module, text)]);

    private static NetDevice Fixed(NetDevice device) =>
        device with { HwTcOffload = Reading.Known(new OffloadFeature(false, true)) };
}
