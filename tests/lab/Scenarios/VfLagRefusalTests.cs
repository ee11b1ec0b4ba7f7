namespace OvsOffload.LabTests.Scenarios;

/// <summary>
/// Why the simulated card has no VF-LAG, or another LAG, and which words the kernel says: mostly none.
/// </summary>
[Collection(OnBondMachine.Name)]
[Trait("Subject", "simulator")]
public sealed class VfLagRefusalTests(BondMachine machine) : LabScenario(machine)
{
    [Fact]
    public async Task A_mode_that_no_card_can_do_is_warned_of_and_taken()
    {
        LabResult result = await RunAsync(
            """
            switchdev_pair 0
            for mode in balance-rr broadcast balance-tlb balance-alb; do
              make_bond $mode 2>&1; lag_settled; vf_lag disabled; ip link del bond0
            done
            make_bond balance-xor; wait_until 5 vf_lag active
            """);

        const string warning = "Warning: mlx5_core: Can't activate LAG offload, TX type isn't supported.";
        Assert.Equal([warning, warning, warning, warning], result.Lines);
        Assert.Single(result.KernelLog.Split('\n'), line => line.Contains("shared_fdb:1"));
    }

    [Fact]
    public async Task Members_that_are_not_just_the_ports_of_one_card_are_refused_silently()
    {
        LabResult result = await RunAsync(
            """
            switchdev_pair 0; make_switchdev 2 0; ip link add third type veth
            ip link add bond0 type bond mode active-backup miimon 100
            add_member bond0 $(uplink 0); lag_settled; vf_lag disabled
            add_member bond0 $(uplink 2); lag_settled; vf_lag disabled; lag 2 state
            ip link set $(uplink 2) nomaster; add_member bond0 $(uplink 1); wait_until 5 vf_lag active
            add_member bond0 third; wait_until 5 vf_lag disabled
            ip link set third nomaster; wait_until 5 vf_lag active
            """);

        Assert.Equal("disabled", result.Text);
        Assert.Empty(result.Errors);
    }

    [Fact]
    public async Task Ports_that_differ_in_mode_or_RoCE_are_refused_silently_and_legacy_ports_make_RoCE_LAG()
    {
        LabResult result = await RunAsync(
            """
            make_bond active-backup; wait_until 5 vf_lag active; lag 0 type; lag 0 flags
            make_switchdev 0 0; wait_until 5 vf_lag disabled; lag_settled; vf_lag disabled; ! lag 0 type 2>&1
            echo 2 > /sys/module/mlx5sim/parameters/no_roce
            make_switchdev 1 0; lag_settled; vf_lag disabled
            echo 0 > /sys/module/mlx5sim/parameters/no_roce
            make_switchdev 1 0; wait_until 5 vf_lag active; lag 0 type
            """);

        Assert.Equal(["roce", "shared_fdb:off", "fdb_selection_mode:affinity",
            "cat: '/sys/kernel/debug/mlx5/0000:01:00.0/lag/type': Invalid argument", "switchdev"], result.Lines);
        Assert.DoesNotContain("ailed", result.KernelLog);
    }

    [Fact]
    public async Task VFs_of_legacy_ports_are_refused_silently()
    {
        LabResult result = await RunAsync(
            """
            make_bond active-backup; wait_until 5 vf_lag active
            echo 1 > $(pf_path 1)/sriov_numvfs; wait_until 5 vf_lag disabled; lag_settled; vf_lag disabled
            """);

        Assert.DoesNotContain("ailed", result.KernelLog);
    }

    [Fact]
    public async Task A_VF_that_is_bound_before_keeps_the_firmware_from_making_the_LAG()
    {
        LabResult refused = await RunAsync(
            "switchdev_pair 1; bind_vfs 1; make_bond active-backup; lag_settled; vf_lag disabled");
        LabResult made = await RunAsync(
            "unbind_vfs 1; ip link set $(uplink 1) nomaster; add_member bond0 $(uplink 1); wait_until 5 vf_lag active");

        Assert.Matches(@"mlx5_core 0000:01:00\.0: mlx5_cmd_out_err:\d+:\(pid \d+\): CREATE_LAG\(0x840\) op_mod\(0x0\) "
            + @"failed, status bad parameter\(0x3\), syndrome \(0x7d49cb\), err\(-22\)", refused.KernelLog);
        Assert.Matches(@"mlx5_create_lag:\d+:\(pid \d+\): Failed to create LAG \(-22\)", refused.KernelLog);
        Assert.Matches(@"mlx5_activate_lag:\d+:\(pid \d+\): Failed to activate VF LAG\n.*"
            + "Make sure all VFs are unbound prior to VF LAG activation or deactivation", refused.KernelLog);
        Assert.DoesNotContain("ailed", made.KernelLog);
    }

    [Fact]
    public async Task A_LAG_that_ends_while_a_VF_is_bound_comes_back_only_with_the_driver()
    {
        LabResult result = await RunAsync(
            """
            switchdev_pair 1; make_bond active-backup; wait_until 5 vf_lag active
            bind_vfs 0; ip link del bond0; wait_until 5 vf_lag disabled
            unbind_vfs 0; make_bond active-backup; lag_settled; vf_lag disabled
            """);

        Assert.Contains("Failed to deactivate VF LAG; driver restart required", result.KernelLog);
        Assert.Contains("CREATE_LAG(0x840) op_mod(0x0) failed, status bad resource state(0x9)", result.KernelLog);
        await RunAsync("lab-reset; switchdev_pair 1; make_bond active-backup; wait_until 5 vf_lag active");
    }

    [Fact]
    public async Task The_mode_that_is_set_already_takes_the_LAG_down_for_a_moment()
    {
        LabResult result = await RunAsync(
            """
            switchdev_pair 0; make_bond active-backup; wait_until 5 vf_lag active; dmesg -c > /dev/null
            make_switchdev 1 0; wait_until 5 vf_lag active
            """);

        Assert.Contains("Operation mode is single FDB", result.KernelLog);
    }

    [Theory]
    [InlineData(1, "Failed to create LAG (-22)")]
    [InlineData(2, "Failed to create LAG port selection(-95)")]
    [InlineData(4, "Can't enable single FDB mode")]
    public async Task A_refusal_by_the_firmware_is_logged_and_leaves_no_LAG(int bit, string words)
    {
        await ResetAsync($"devid=101d fail_lag={bit}");

        LabResult result = await RunAsync("switchdev_pair 0; make_bond 802.3ad; lag_settled; vf_lag disabled");

        Assert.Contains(words, result.KernelLog);
    }

    [Fact]
    public async Task A_refused_mapping_and_a_refused_drop_rule_are_said()
    {
        LabResult result = await RunAsync(
            """
            switchdev_pair 0; make_peer switch; make_bond active-backup; wait_until 10 mapping_is "1:1 2:1"
            echo 40 > /sys/module/mlx5sim/parameters/fail_lag
            cable 0 down; wait_until 10 kernel_said "Failed to modify LAG"; lag 0 mapping
            echo 32 > /sys/module/mlx5sim/parameters/fail_lag
            cable 0 up; wait_until 10 kernel_said "Failed to create lag drop rule"
            """);

        Assert.Equal(["1:1", "2:1"], result.Lines);
        Assert.Matches(@"mlx5_modify_lag:\d+:\(pid \d+\): Failed to modify LAG \(-22\)", result.KernelLog);
        Assert.Contains("Failed to create lag drop rule, error: -22", result.KernelLog);
    }

    [Fact]
    [Nic("shared_fdb=0 hash_lag=1 lag_not_ready=1")]
    public async Task A_card_without_shared_FDB_says_so_and_one_that_misses_a_netdev_warns_of_VFs()
    {
        LabResult result = await RunAsync(
            """
            switchdev_pair 0; make_bond balance-xor 2>&1; lag_settled; vf_lag disabled; ip link del bond0
            echo 0 > /sys/module/mlx5sim/parameters/lag_not_ready
            make_bond balance-xor; wait_until 5 vf_lag active; lag 0 port_sel_mode; lag 0 flags
            """);

        Assert.Equal(["Warning: mlx5_core: Can't activate LAG offload, PF is configured with more than 64 VFs.",
            "hash", "shared_fdb:off", "fdb_selection_mode:affinity"], result.Lines);
        Assert.Contains("shared_fdb:0 mode:hash", result.KernelLog);
    }

    [Theory]
    [InlineData("fw_vfs=127", "127")]
    [InlineData("ports=1", "8")]
    [InlineData("no_lag_debugfs=1", "8")]
    public async Task A_card_without_LAG_or_an_old_kernel_has_no_folder_in_debugfs(
        string parameters, string totalVfs)
    {
        await ResetAsync(parameters);

        LabResult result = await RunAsync(
            """
            make_switchdev 0 0; make_switchdev 1 0; make_bond active-backup; lag_settled
            ls /sys/kernel/debug/mlx5/0000:01:00.0; cat $(pf_path 0)/sriov_totalvfs
            """);

        Assert.Equal([totalVfs], result.Lines);
        Assert.Equal(parameters == "no_lag_debugfs=1", result.KernelLog.Contains("lag map"));
    }

    [Fact]
    public async Task A_bond_in_a_network_namespace_is_not_seen()
    {
        LabResult result = await RunAsync(
            """
            switchdev_pair 0; modprobe bonding max_bonds=0; ip netns add inner
            for function in 0 1; do uplinks+=($(uplink $function)); done
            for netdev in ${uplinks[@]}; do ip link set $netdev netns inner; done
            ip -n inner link add bond0 type bond mode active-backup miimon 100
            for netdev in ${uplinks[@]}; do ip -n inner link set $netdev master bond0; done
            ip -n inner link set bond0 up; lag_settled; vf_lag disabled
            """);

        Assert.DoesNotContain("lag map", result.KernelLog);
    }
}
