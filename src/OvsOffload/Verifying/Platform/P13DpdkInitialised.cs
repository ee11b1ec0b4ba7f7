using OvsOffload.Host;
using OvsOffload.OpenVSwitch;
using OvsOffload.Platform;

namespace OvsOffload.Verifying;

/// <summary>Open vSwitch was told to start DPDK.</summary>
internal sealed class P13DpdkInitialised : SwitchCheck
{
    public override CheckInfo Info { get; } = new(
        "P13",
        "dpdk-initialised",
        CheckSeverity.Info,
        "DPDK is enabled in Open vSwitch",
        """
        Offload through tc belongs to the kernel datapath and needs neither hugepages nor DPDK. With
        other_config:dpdk-init set, ovs-vswitchd also starts DPDK: it takes hugepages and whole CPUs, and ports of type
        dpdk are offloaded in another way (rte_flow), which ovs-offload does not check. Missing hugepages matter only
        there.

        It is reported as info: bridges of both kinds can coexist. A userspace bridge with ports of a switchdev NIC is
        check O27.
        """);

    protected override IEnumerable<Finding> Examine(OpenVSwitchDatabase database, Observation input)
    {
        string evidence =
            $"ovs-vsctl get Open_vSwitch . other_config:dpdk-init: {database.ValueText(OpenVSwitchDatabase.DpdkKey)}";
        return database.DpdkConfigured
            ?
            [
                Found(FindingStatus.Info, Objects.Switch, Info.Title, evidence, "dpdk-init was set for DPDK ports",
                    "ovs-vsctl remove Open_vSwitch . other_config dpdk-init, if nothing uses DPDK; then "
                        + input.Distribution.RestartOpenVSwitch()),
            ]
            : [Ok(Objects.Switch, evidence)];
    }
}
