using System.Collections.Immutable;
using OvsOffload.Flows;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.System;
using OvsOffload.Tests.Host;
using OvsOffload.Verifying;

namespace OvsOffload.Tests.Verifying;

/// <summary>A host with one fault, and the words that the finding has to show.</summary>
internal sealed record FaultyHost(HostState Host, string Evidence, string Fix)
{
    public HostIntent Intent { get; init; } = SampleIntent.Switchdev(2, RepresentorPorts.All);

    public FlowCounts? Flows { get; init; }

    public ImmutableArray<JournalLine>? Journal { get; init; }
}

/// <summary>One for each check, on which that check and no other finds a fault.</summary>
internal static class FaultyHosts
{
    private static readonly HostState Healthy = SampleHost.ConnectX6Dx();

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
            "security groups off"),
        ["N01"] = new(
            SampleHost.I350(),
            "8086:1521",
            "mode: legacy")
        {
            Intent = new HostIntent { Nics = [SampleIntent.Nic(NicMode.Switchdev, 2)] },
        },
        ["N02"] = new(
            SampleHost.Legacy(),
            "devlink dev eswitch show pci/0000:3b:00.0: mode legacy",
            "ovs-offload apply")
        {
            Intent = new HostIntent { Nics = [SampleIntent.Nic(NicMode.Switchdev, 2)] },
        },
        ["N04"] = new(
            SampleHost.Legacy().WithPf(pf => pf with
            {
                PortType = PortType.Infiniband,
                Eswitch = Reading.Absent<Eswitch>("the driver of 0000:3b:00.0 has no e-switch (EOPNOTSUPP)"),
            }),
            "type ib",
            "LINK_TYPE_P1=2")
        {
            Intent = new HostIntent { Nics = [SampleIntent.Nic(NicMode.Switchdev, 2)] },
        },
        ["N06"] = new(
            Healthy,
            "mlx5_core: Can't change mode, E-Switch is busy",
            "tc qdisc del")
        {
            // Back to legacy is wanted, so that the mode itself is no fault of another check.
            Intent = new HostIntent { Nics = [SampleIntent.Nic(NicMode.Legacy, 2)] },
            Journal =
            [
                new JournalLine("begin", "eswitch-mode:0000:3b:00.0", null),
                new JournalLine("failed", "eswitch-mode:0000:3b:00.0",
                    "mlx5_core: Can't change mode, E-Switch is busy"),
            ],
        },
        ["N07"] = new(
            Healthy.WithoutRepresentor(1),
            "sriov_numvfs: 2; devlink port show: no port for vf1",
            "journalctl -k"),
        ["N10"] = new(
            Healthy.WithRepresentor(1, device => device with
            {
                HwTcOffload = Reading.Known(new OffloadFeature(false, false)),
            }),
            "ethtool -k enp59s0f0npf0vf1: hw-tc-offload: off",
            "ethtool -K enp59s0f0npf0vf1 hw-tc-offload on"),
        ["N11"] = new(
            Healthy.WithRepresentor(1, device => device with { Up = false }),
            "ip link show enp59s0f0npf0vf1: state DOWN",
            "ip link set enp59s0f0npf0vf1 up"),
        ["N12"] = new(
            Healthy.WithBridges(
                SampleHost.BridgeOf(SampleHost.Bridge, SampleHost.Uplink, SampleHost.RepresentorName(0))),
            "ovs-vsctl port-to-br enp59s0f0npf0vf1: no port",
            "ovs-offload apply"),
        ["N22"] = new(
            SampleHost.ConnectX4Lx().WithPf(pf => pf with
            {
                Eswitch = pf.Eswitch.Map(eswitch => eswitch with { InlineMode = EswitchInlineMode.Link }),
            }),
            "inline-mode link",
            "ovs-offload apply"),
        ["O01"] = new(
            Healthy.WithOption("hw-offload", null).WithSwitch(NotInForce),
            "other_config:hw-offload: not set",
            "ovs-offload apply"),
        ["O02"] = new(
            Healthy.WithSwitch(NotInForce),
            "other_config:hw-offload=true; no ingress qdisc on enp59s0f0np0",
            "systemctl restart openvswitch-switch"),
        ["O03"] = new(
            Healthy.WithOption("tc-policy", "skip_hw"),
            "other_config:tc-policy: skip_hw",
            "tc-policy=none"),
        ["O05"] = new(
            Healthy.WithKernelLog("mlx5_core 0000:3b:00.0 enp59s0f0np0: flow table is full"),
            "0 offloaded, 0 partly, 4 in tc and not in the NIC",
            "fewer flows")
        {
            Flows = new FlowCounts(0, 0, 4, 1, 0),
        },
        ["O27"] = new(
            Healthy.WithDatabase(database => database with
            {
                Bridges = [.. database.Bridges.Select(bridge => bridge with { DatapathType = "netdev" })],
            }),
            "datapath_type: netdev",
            "datapath_type=system"),
    }.Concat(FaultyBonds.ByCheck).ToDictionary();

    private static NetDevice Fixed(NetDevice device) =>
        device with { HwTcOffload = Reading.Known(new OffloadFeature(false, true)) };

    private static OpenVSwitchState NotInForce(OpenVSwitchState state) => state with
    {
        HwOffload = Reading.Known(new HwOffloadEffect(false, $"no ingress qdisc on {SampleHost.Uplink}")),
    };
}
