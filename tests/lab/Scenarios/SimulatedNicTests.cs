namespace OvsOffload.LabTests.Scenarios;

/// <summary>The card looks like the one that it stands for.</summary>
[Collection(OnCurrentKernel.Name)]
[Trait("Subject", "simulator")]
public sealed class SimulatedNicTests(CurrentKernel machine) : LabScenario(machine)
{
    [Theory]
    [InlineData("1015", "ConnectX-4 Lx", "1016", "link", "dmfs")]
    [InlineData("1017", "ConnectX-5", "1018", "none", "smfs")]
    [InlineData("101d", "ConnectX-6 Dx", "101e", "none", "smfs")]
    public async Task The_card_shows_itself_as_the_model_asked_for(
        string id, string name, string vfId, string inline, string steering)
    {
        await ResetAsync($"devid={id}");

        LabResult functions = await RunAsync("echo 1 > $(pf_path 0)/sriov_numvfs; lspci -nn -s 01:");
        LabResult eswitch = await RunAsync("devlink dev eswitch show pci/0000:01:00.0");
        LabResult parameter = await RunAsync("devlink dev param show pci/0000:01:00.0 name flow_steering_mode");

        Assert.Equal(3, functions.Lines.Count);
        Assert.Contains($"[{name}] [15b3:{id}]", functions.Lines[0]);
        Assert.Contains($"[15b3:{vfId}]", functions.Lines[2]);
        Assert.Contains($"inline-mode {inline}", eswitch.Output);
        Assert.Contains($"value {steering}", parameter.Output);
    }

    [Fact]
    public async Task Both_ports_have_one_switch_id_and_their_own_port_names()
    {
        LabResult result = await RunAsync(
            "for f in 0 1; do cat /sys/class/net/$(uplink $f)/{phys_switch_id,phys_port_name}; done");

        Assert.Equal(["363bd50003a10100", "p0", "363bd50003a10100", "p1"], result.Lines);
    }

    [Fact]
    public async Task Switchdev_mode_gives_each_VF_a_representor_and_legacy_mode_takes_it_away()
    {
        await MakeSwitchdevAsync(function: 1, vfs: 3);

        LabResult names = await RunAsync(
            "for vf in 0 1 2; do representor 1 $vf; done; ethtool -i $(representor 1 0) | grep driver");
        LabResult legacy = await TryAsync("devlink dev eswitch set pci/0000:01:00.1 mode legacy; representor 1 0");

        Assert.Equal(4, names.Lines.Count);
        Assert.Equal("driver: mlx5e_rep", names.Lines[3]);
        Assert.Equal(1, legacy.ExitCode);
        Assert.Empty(legacy.Output);
    }

    [Fact]
    public async Task A_VF_has_a_link_while_its_representor_is_up()
    {
        await MakeSwitchdevAsync();
        await AddGuestAsync("n1", 0, 0, "10.0.0.1/24");
        const string carrier = "ip -n n1 -br link | grep eth | grep -c LOWER_UP";

        LabResult down = await TryAsync($"ip link set $(representor 0 0) down; {carrier}");
        LabResult up = await TryAsync($"ip link set $(representor 0 0) up; {carrier}");

        Assert.EndsWith("0", down.Text);
        Assert.EndsWith("1", up.Text);
    }

    [Fact]
    public async Task A_VF_takes_the_MAC_that_was_set_before_it_is_bound()
    {
        LabResult result = await RunAsync(
            """
            echo 0 > $(pf_path 0)/sriov_drivers_autoprobe
            make_switchdev 0 1
            devlink port function set pci/0000:01:00.0/1 hw_addr 02:00:00:00:00:01
            echo 1 > $(pf_path 0)/sriov_drivers_autoprobe # at 0 the kernel refuses a bind by hand too
            basename $(vf_path 0 0) > /sys/bus/pci/drivers/mlx5_core/bind
            cat $(vf_path 0 0)/net/*/address
            """);

        Assert.Equal("02:00:00:00:00:01", result.Text);
    }

    [Fact]
    public async Task A_VF_bound_to_vfio_keeps_its_representor()
    {
        await MakeSwitchdevAsync();
        LabResult result = await RunAsync(
            """
            modprobe vfio-pci; vf=$(basename $(vf_path 0 1))
            echo vfio-pci > /sys/bus/pci/devices/$vf/driver_override
            echo $vf > /sys/bus/pci/devices/$vf/driver/unbind; echo $vf > /sys/bus/pci/drivers_probe
            basename $(readlink /sys/bus/pci/devices/$vf/driver)
            representor 0 1 > /dev/null
            ls /dev/vfio | wc -l
            """);

        Assert.Equal(["vfio-pci", "2"], result.Lines);
    }

    [Fact]
    public async Task The_kernel_lets_a_VF_be_destroyed_whose_vfio_group_a_process_holds_open()
    {
        LabResult result = await RunAsync(
            """
            make_switchdev 0 1; modprobe vfio-pci; vf=$(basename $(vf_path 0 0))
            echo vfio-pci > /sys/bus/pci/devices/$vf/driver_override
            echo $vf > /sys/bus/pci/devices/$vf/driver/unbind; echo $vf > /sys/bus/pci/drivers_probe
            group=$(basename $(readlink /sys/bus/pci/devices/$vf/iommu_group))
            exec 5<> /dev/vfio/$group
            echo 0 > $(pf_path 0)/sriov_numvfs
            [ ! -e /sys/bus/pci/devices/$vf ] && echo destroyed
            """);

        Assert.Equal("destroyed", result.Text);
    }

    [Fact]
    [Nic("fw_stored=16.99.0001")]
    public async Task A_burned_firmware_that_does_not_run_is_seen_in_the_information()
    {
        LabResult result = await RunAsync(
            "devlink -j dev info pci/0000:01:00.0 | jq -r '.info[].versions | .running.fw, .stored.fw'");

        Assert.Equal(["16.35.4030", "16.99.0001"], result.Lines);
    }

    [Fact]
    public async Task A_provoked_health_error_is_counted_by_its_reporter()
    {
        await SetNicAsync("health_error", "fw");
        LabResult result = await RunAsync(
            "devlink -j health show pci/0000:01:00.0 reporter fw | jq -r '.health[][] | \"\\(.state) \\(.error)\"'");

        Assert.Equal("error 1", result.Text);
    }
}
