namespace OvsOffload.LabTests.Scenarios;

/// <summary>Each fault that the module can show does what its parameter says, and nothing else.</summary>
[Collection(OnCurrentKernel.Name)]
[Trait("Subject", "simulator")]
public sealed class FaultTests(CurrentKernel machine) : LabScenario(machine)
{
    private const string Switchdev = "devlink dev eswitch set pci/0000:01:00.0 mode switchdev";
    private const string Mode = "devlink -j dev eswitch show pci/0000:01:00.0 | jq -r '.dev[].mode'";

    [Theory]
    [InlineData("need_vfs=1", 0, "SRIOV legacy not enabled", "Invalid argument")]
    [InlineData("need_unbind=1", 2, "while VFs are bound", "Device or resource busy")]
    [InlineData("need_no_vfs=1", 1, "allowed only if there is no VFs created", "Operation not supported")]
    [InlineData("fail_mode=1", 0, "Can't change eswitch mode", "Operation not supported")]
    [InlineData("busy=1", 0, "E-Switch is busy", "Device or resource busy")]
    public async Task A_refused_mode_change_has_its_words_and_its_errno_and_leaves_the_mode(
        string parameter, int vfs, string words, string errno)
    {
        await ResetAsync(parameter);
        await RunAsync($"echo {vfs} > $(pf_path 0)/sriov_numvfs");

        LabResult refused = await TryAsync(Switchdev);

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("mlx5_core: ", refused.Errors);
        Assert.Contains(words, refused.Errors);
        Assert.Contains(errno, refused.Errors);
        Assert.Equal("legacy", (await RunAsync(Mode)).Text);
    }

    [Theory]
    [InlineData("need_vfs=1", "echo 1 > $(pf_path 0)/sriov_numvfs")]
    [InlineData(
        "need_unbind=1", "echo 1 > $(pf_path 0)/sriov_numvfs; echo 0000:01:10.0 > $(vf_path 0 0)/driver/unbind")]
    [InlineData("need_no_vfs=1", "true")]
    [InlineData("busy=2", $"! {Switchdev}; ! {Switchdev}")]
    public async Task The_mode_changes_once_what_the_card_asks_for_is_given(string parameter, string remedy)
    {
        await ResetAsync(parameter);

        await RunAsync($"{remedy}\n{Switchdev}");

        Assert.Equal("switchdev", (await RunAsync(Mode)).Text);
    }

    [Fact]
    [Nic("ib_ports=2")]
    public async Task An_InfiniBand_port_has_no_e_switch_and_says_so_without_words()
    {
        LabResult refused = await TryAsync("devlink dev eswitch set pci/0000:01:00.1 mode switchdev");

        Assert.Equal("kernel answers: Operation not supported", refused.Errors.Trim());
        Assert.Contains("0000:01:00.1/131071: type ib", (await RunAsync("devlink port show")).Output);
        Assert.Equal("32", (await RunAsync("cat $(pf_path 1)/net/*/type")).Text);
    }

    [Fact]
    [Nic("max_rules=1")]
    public async Task A_full_table_takes_no_more_rules()
    {
        await MakeSwitchdevAsync();
        await RunAsync("tc qdisc add dev $(representor 0 0) ingress");
        const string rule = "tc filter add dev $(representor 0 0) ingress protocol ip flower skip_sw action drop";

        Assert.Equal(0, (await TryAsync(rule)).ExitCode);
        LabResult refused = await TryAsync(rule);

        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("flow table is full", refused.Errors);
    }

    [Fact]
    [Nic("no_tc=1")]
    public async Task Without_tc_in_the_driver_the_feature_is_off_and_fixed()
    {
        await MakeSwitchdevAsync();

        Assert.Equal("hw-tc-offload: off [fixed]", (await RunAsync("ethtool -k $(representor 0 0) | grep hw-tc")).Text);
    }

    [Theory]
    [InlineData("smfs", "dmfs", "Moving fs mode is not supported when eswitch offloads enabled")]
    [InlineData("dmfs", "smfs", "Software managed steering is not supported when eswitch offloads enabled")]
    public async Task The_steering_mode_stands_once_the_mode_is_switchdev(string before, string steering, string words)
    {
        await ResetAsync($"steering={before}");
        await MakeSwitchdevAsync();

        LabResult refused = await TryAsync(
            $"devlink dev param set pci/0000:01:00.0 name flow_steering_mode value {steering} cmode runtime");

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains(words, refused.Errors);
    }

    [Fact]
    public async Task The_encap_mode_stands_while_there_are_flows()
    {
        await MakeSwitchdevAsync();
        await RunAsync(
            """
            tc qdisc add dev $(representor 0 0) ingress
            tc filter add dev $(representor 0 0) ingress protocol ip flower skip_sw action drop
            """);

        LabResult refused = await TryAsync("devlink dev eswitch set pci/0000:01:00.0 encap-mode none");

        Assert.Contains("Can't set encapsulation when flows are configured", refused.Errors);
    }

    [Theory]
    [InlineData(9, "Numerical result out of range")]
    [InlineData(3, "Device or resource busy")]
    public async Task A_number_of_VFs_that_cannot_be_is_refused(int vfs, string words)
    {
        await RunAsync("echo 2 > $(pf_path 0)/sriov_numvfs");

        LabResult refused = await TryAsync($"echo {vfs} > $(pf_path 0)/sriov_numvfs");

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains(words, refused.Errors);
    }
}
