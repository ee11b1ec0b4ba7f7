namespace OvsOffload.LabTests.Scenarios;

/// <summary>
/// Faults of a bond that is in hardware, provoked for real, each found by its check and gone once mended.
/// </summary>
[Collection(OnBondMachine.Name)]
public sealed class BondFaultTests(BondMachine machine) : FaultScenario(machine)
{
    [Fact]
    public async Task Faults_of_a_bond_are_found_and_repaired()
    {
        await ConfigureAsync(BondScenario.Bonded("lacp-fast-layer3-4"));
        await RunAsync("make_peer lacp 10.0.0.9/24; start_openvswitch");
        await ProgramAsync(0, "apply --yes");

        await FindAndMendAsync(
        [
            // Mended first: apply answers 6 while it cannot see the bond's LAG.
            new("P14", "", "debugfs", "umount /sys/kernel/debug", "mount", "mount -t debugfs none /sys/kernel/debug"),
            new("B11", "bond0", "layer2", "ip link set bond0 type bond xmit_hash_policy layer2", "",
                "ovs-offload apply --yes"),
            new("B13", "bond0", "miimon", "ip link set bond0 type bond miimon 0", "", "true"),
            new("B16", "bond0", "10.7.7.7/24", "ip addr add 10.7.7.7/24 dev $up", "ip addr",
                "ip addr del 10.7.7.7/24 dev $up"),
        ]);
    }
}
