namespace OvsOffload.LabTests.Scenarios;

/// <summary>A run that is killed, or fails, within a step: the next one ends it, or takes it back.</summary>
[Collection(OnApplyMachine.Name)]
public sealed class KilledTests(ApplyMachine machine) : ProgramScenario(machine)
{
    private const string MakeVfs =
        "killed_at vf-count:0000:01:00.0 apply --yes; wait_until 10 [ -e $(pf_path 0)/virtfn1 ]";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    [Fact]
    [Nic("vfs_delay_ms=3000")]
    public async Task Killed_while_the_card_makes_VFs_the_next_apply_binds_them_and_revert_puts_autoprobe_back()
    {
        await ConfigureAsync(NicOnly(2, "stable"));
        string before = await HostAsync();
        await ProgramAsync(0, "apply --yes");
        string whole = await HostAsync();
        await ProgramAsync(0, "revert --yes");

        await RunAsync(MakeVfs, Patience);
        LabResult killed = await RunAsync(
            "cat $(pf_path 0)/sriov_drivers_autoprobe; find $(pf_path 0)/virtfn*/ -maxdepth 1 -name driver | wc -l");
        LabResult plan = await ProgramAsync(3, "plan");
        await ProgramAsync(0, "apply --yes");
        string finished = await HostAsync();
        await ProgramAsync(0, "plan");
        await ProgramAsync(0, "revert --yes");
        string reverted = await HostAsync();
        await RunAsync(MakeVfs, Patience);
        await ProgramAsync(0, "revert --yes");

        Assert.Equal(["0", "0"], killed.Lines);
        Assert.Contains("sriov_drivers_autoprobe of 0000:01:00.0: 0 -> 1", plan.Output);
        Assert.Contains("an interrupted run left it so", plan.Output);
        Assert.Equal(whole, finished);
        Assert.Equal(before, reverted);
        Assert.Equal(before, await HostAsync());
    }

    [Fact]
    public async Task A_setting_that_a_stopped_ovs_vswitchd_does_not_take_up_is_taken_out_again()
    {
        await ConfigureAsync(
            """
            version: 1
            openvswitch:
              hw-offload: true
              max-idle: 20s
            """);
        await RunAsync(
            """
            start_openvswitch hw-offload=false; ovs-vsctl remove Open_vSwitch . other_config hw-offload
            kill $(cat /run/openvswitch/ovs-vswitchd.pid); wait_until 10 eval '! pidof ovs-vswitchd'
            """);

        LabResult failed = await ProgramAsync(1, "apply --yes");
        LabResult after = await RunAsync(
            "ovs-vsctl --no-wait get Open_vSwitch . other_config; ls /var/lib/ovs-offload /run/ovs-offload");
        LabResult again = await ProgramAsync(0, "revert --yes");

        Assert.Contains("the change was undone", failed.Errors);
        Assert.DoesNotContain("not undone", failed.Errors);
        Assert.Equal("{}", after.Lines[0]);
        Assert.DoesNotContain("changes.json", after.Output);
        Assert.Contains("Nothing to do", again.Output);
    }
}
