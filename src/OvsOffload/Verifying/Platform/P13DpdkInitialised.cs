using OvsOffload.OpenVSwitch;

namespace OvsOffload.Verifying;

/// <summary>Open vSwitch was told to start DPDK.</summary>
internal sealed class P13DpdkInitialised : SwitchCheck
{
    public override CheckInfo Info { get; } = new(
        "P13",
        "dpdk-initialised",
        CheckSeverity.Info,
        "Open vSwitch runs DPDK beside the kernel's datapath",
        """
        Offload by tc belongs to the kernel's datapath and needs no hugepages and no DPDK. Where other_config:dpdk-init
        is set, ovs-vswitchd starts DPDK as well: it takes hugepages and whole processors, and ports of type dpdk are
        offloaded in another way (rte_flow), which this program does not look at. Hugepages that are missing matter only
        there.

        It is told as info: bridges of both kinds may live side by side. A userspace bridge with ports of a switchdev
        NIC has a check of its own, O27.
        """);

    protected override IEnumerable<Finding> Examine(OpenVSwitchDatabase database, VerifyInput input)
    {
        string? set = database.OtherConfig.GetValueOrDefault("dpdk-init");
        string evidence = $"ovs-vsctl get Open_vSwitch . other_config:dpdk-init: {set ?? "not set"}";
        return set is "true" or "try"
            ?
            [
                Found(FindingStatus.Info, Objects.Switch, Info.Title, evidence, "dpdk-init was set for DPDK ports",
                    "ovs-vsctl remove Open_vSwitch . other_config dpdk-init, if nothing uses DPDK; then "
                        + input.Distribution.RestartOpenVSwitch()),
            ]
            : [Ok(Objects.Switch, evidence)];
    }
}
