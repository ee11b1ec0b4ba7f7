using System.Text.Json;

namespace OvsOffload.LabTests.Scenarios;

/// <summary>The card as several generations, and with what their drivers insist on: all reach the goal.</summary>
[Collection(OnApplyMachine.Name)]
public sealed class NicGenerationTests(ApplyMachine machine) : ProgramScenario(machine)
{
    private const string FourBoundVfs =
        """
        echo 4 > /sys/bus/pci/devices/0000:01:00.0/sriov_numvfs
        for vf in 0 1 2 3; do
          ip link set "$(uplink 0)" vf $vf mac 02:00:00:00:aa:0$vf
          address=$(basename "$(readlink /sys/bus/pci/devices/0000:01:00.0/virtfn$vf)")
          echo "$address" > /sys/bus/pci/drivers/mlx5_core/unbind; echo "$address" > /sys/bus/pci/drivers/mlx5_core/bind
        done
        """;

    [Theory]
    [InlineData("1015", "ConnectX-4 Lx")]
    [InlineData("1017", "ConnectX-5")]
    [InlineData("101d", "ConnectX-6 Dx")]
    public async Task Each_generation_reaches_the_goal_and_offloads(string id, string model)
    {
        await ResetAsync($"devid={id}");
        await ConfigureAsync(Wanted(2));
        await RunAsync("start_openvswitch hw-offload=false");

        await ProgramAsync(0, "apply --yes");
        await AddTwoGuestsAsync();
        await StartTrafficAsync("n0", "10.0.0.2");

        JsonElement inventory = await JsonAsync("inventory", status: 0);
        Assert.Equal(model, inventory.GetProperty("pfs")[0].GetProperty("model").GetString());
        await UntilOffloadedAsync("eth_type(0x0800)");
        await ProgramAsync(0, "plan");
    }

    [Fact]
    [Nic("devid=1015")]
    public async Task A_ConnectX_4_Lx_gets_inline_mode_transport()
    {
        await ConfigureAsync(NicOnly(2));

        await ProgramAsync(0, "apply --yes");

        Assert.Contains("inline-mode transport", await HostAsync());
    }

    [Fact]
    [Nic("need_vfs=1")]
    public async Task A_driver_that_wants_VFs_first_is_met_and_gets_them()
    {
        await RunAsync(FourBoundVfs);
        await ConfigureAsync(NicOnly(6));

        LabResult result = await ProgramAsync(0, "apply --yes");

        Assert.Contains("failed   e-switch mode of 0000:01:00.0: legacy -> switchdev", result.Errors);
        Assert.Contains("(EINVAL)", result.Errors);
        await AtGoalAsync(6, keptAddresses: 4);
    }

    [Fact]
    [Nic("need_unbind=1")]
    public async Task A_driver_that_is_busy_while_VFs_are_bound_is_met_and_gets_them_unbound()
    {
        await RunAsync(FourBoundVfs);
        await ConfigureAsync(NicOnly(4));

        LabResult result = await ProgramAsync(0, "apply --yes");

        Assert.Contains("failed   e-switch mode of 0000:01:00.0: legacy -> switchdev", result.Errors);
        Assert.Contains("(EBUSY)", result.Errors);
        await AtGoalAsync(4, keptAddresses: 4);
        Assert.Equal(4, (await RunAsync("ls -d /sys/bus/pci/drivers/mlx5_core/0000:01:1*")).Lines.Count);
    }

    [Fact]
    [Nic("need_no_vfs=1")]
    public async Task A_driver_that_wants_no_VFs_is_met_and_gets_its_way()
    {
        await RunAsync(FourBoundVfs);
        await ConfigureAsync(NicOnly(4));

        LabResult result = await ProgramAsync(0, "apply --yes");

        Assert.Contains("(EOPNOTSUPP)", result.Errors);
        await AtGoalAsync(4, keptAddresses: 4);
    }

    [Fact]
    [Nic("rep_delay_ms=3000")]
    public async Task Representors_that_come_three_seconds_late_are_waited_for()
    {
        await ConfigureAsync(NicOnly(4));

        LabResult result = await ProgramAsync(0, "apply --yes");

        Assert.Contains("done     wait for 4 representors", result.Errors);
        await AtGoalAsync(4, keptAddresses: 0);
    }

    [Fact]
    [Nic("busy=3")]
    public async Task An_e_switch_that_is_busy_for_a_moment_is_tried_again()
    {
        await ConfigureAsync(NicOnly(2));

        await ProgramAsync(0, "apply --yes");

        await AtGoalAsync(2, keptAddresses: 0);
    }

    private async Task AtGoalAsync(int vfs, int keptAddresses)
    {
        string host = await HostAsync();
        Assert.Contains("mode switchdev", host);
        Assert.Equal(vfs, host.Split("virtfn").Length - 1);
        LabResult addresses = await RunAsync("ip link show \"$(uplink 0)\" | grep -c '02:00:00:00:aa:0' || true");
        Assert.Equal($"{keptAddresses}", addresses.Text);
        LabResult up = await RunAsync(
            $"for vf in $(seq 0 {vfs - 1}); do ip -br link show \"$(representor 0 $vf)\" | grep -c UP; done");
        Assert.All(up.Lines, line => Assert.Equal("1", line));
        await ProgramAsync(0, "plan");
    }
}
