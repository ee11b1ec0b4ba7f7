namespace OvsOffload.LabTests.Scenarios;

/// <summary>A host that comes from Cloudpods with a bond.</summary>
[Collection(OnBondMachine.Name)]
public sealed class BondImportTests(BondMachine machine) : BondScenario(machine)
{
    [Fact]
    [Nic("devid=1017")]
    public async Task A_host_conf_of_Cloudpods_for_a_bond_is_imported_planned_and_brought_into_hardware()
    {
        await UseProgramAsync();
        await RunAsync(
            """
            start_openvswitch hw-offload=false; make_peer switch; make_bond active-backup
            mkdir -p /etc/yunion /etc/ovs-offload
            printf 'networks:\n- bond0/br1/bcast0\novs_offload_nics:\n- bond0\n' > /etc/yunion/host.conf
            """);

        LabResult import = await RunAsync(
            $"ovs-offload import host.conf /etc/yunion/host.conf > {Config}; cat {Config}", TimeSpan.FromSeconds(120));
        await ProgramAsync(3, "plan");
        await ProgramAsync(0, "apply --yes");

        Assert.Contains("profile: active-backup  # ", import.Output);
        Assert.Contains("bond0 on this host is active-backup", import.Output);
        await RunAsync("vf_lag active; ovs-vsctl port-to-br bond0 | grep br1");
        await ProgramAsync(0, "plan");
    }
}
