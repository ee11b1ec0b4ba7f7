namespace OvsOffload.LabTests.Scenarios;

/// <summary>The lab's main promises hold on the older kernel too.</summary>
[Collection(OnOlderKernel.Name)]
[Trait("Subject", "simulator")]
public sealed class OlderKernelTests(OlderKernel machine) : LabScenario(machine)
{
    [Fact]
    public async Task Traffic_between_VFs_is_carried_by_the_card_and_counted()
    {
        await MakeSwitchdevAsync();
        await StartOpenVSwitchAsync();
        await RunAsync(
            """
            for vf in 0 1; do add_guest n$((vf + 1)) 0 $vf 10.0.0.$((vf + 1))/24; plug br0 0 $vf; done
            introduce n1 n2
            """);

        await StartTrafficAsync("n1", "10.0.0.2");

        Assert.StartsWith("6.1.", (await RunAsync("uname -r")).Text);
        await UntilOffloadedAsync("eth_type(0x0800)", "offloaded:yes, dp:tc");
        await RunAsync("for vf in 0 1; do wait_until 30 in_hardware $(representor 0 $vf) rx; done");
    }

    [Fact]
    [Nic("rep_delay_ms=$((1000 * LAB_PACE))")]
    public async Task Representors_appear_after_the_delay_with_their_ports()
    {
        LabResult result = await RunAsync(
            """
            make_switchdev 0 2; representor 0 0 || echo none
            wait_until 30 representor 0 1; devlink port show pci/0000:01:00.0/1 > /dev/null
            """);

        Assert.Equal("none", result.Text);
    }

    [Fact]
    public async Task A_bond_of_both_ports_becomes_a_VF_LAG_that_follows_the_active_port()
    {
        LabResult result = await RunAsync(
            """
            switchdev_pair 1; make_peer switch; make_bond active-backup
            wait_until 10 mapping_is "1:1 2:1"; lag 0 type; lag 1 state
            cable 0 down; wait_until 10 mapping_is "1:2 2:2"
            """);

        Assert.Equal(["switchdev", "active"], result.Lines);
        Assert.Contains("mlx5_core 0000:01:00.0: lag map: port 1:2 port 2:2", result.KernelLog);
    }

    [Fact]
    [Nic("need_unbind=1")]
    public async Task A_refused_mode_change_has_its_words()
    {
        await RunAsync("echo 1 > $(pf_path 0)/sriov_numvfs");

        LabResult refused = await TryAsync("devlink dev eswitch set pci/0000:01:00.0 mode switchdev");

        Assert.Contains("mlx5_core: Can't change mode while VFs are bound", refused.Errors);
    }
}
