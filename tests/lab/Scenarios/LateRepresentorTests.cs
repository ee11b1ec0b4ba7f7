namespace OvsOffload.LabTests.Scenarios;

/// <summary>Representors that come late, and under names that udev gives them.</summary>
[Collection(OnCurrentKernel.Name)]
[Trait("Subject", "simulator")]
public sealed class LateRepresentorTests(CurrentKernel machine) : LabScenario(machine)
{
    [Fact]
    [Nic("rep_delay_ms=$((1000 * LAB_PACE))")]
    public async Task Representors_appear_after_the_delay_with_their_ports()
    {
        LabResult result = await RunAsync(
            """
            make_switchdev 0 2; representor 0 0 || echo none
            wait_until 30 representor 0 1; representor 0 0 > /dev/null; devlink port show pci/0000:01:00.0/1 > /dev/null
            """);

        Assert.Equal("none", result.Text);
    }

    [Fact]
    [Nic("rep_delay_ms=$((200 * LAB_PACE))")]
    public async Task Late_representors_do_not_come_when_the_mode_has_changed_back_meanwhile()
    {
        await MakeSwitchdevAsync();

        LabResult result = await TryAsync("devlink dev eswitch set pci/0000:01:00.0 mode legacy; "
            + "sleep $LAB_PACE; representor 0 0");

        Assert.Equal(1, result.ExitCode);
    }

    [Fact]
    [Nic("rep_delay_ms=$((200 * LAB_PACE))")]
    public async Task The_module_can_go_while_representors_are_due()
    {
        await MakeSwitchdevAsync();

        await RunAsync("rmmod mlx5sim; sleep $LAB_PACE");
    }

    [Fact]
    public async Task With_udev_representors_are_renamed_by_systemds_scheme_or_by_a_rule()
    {
        await RunAsync("lab-udev; make_switchdev 0 2; udevadm settle");
        LabResult scheme = await RunAsync("uplink 0; representor 0 0; representor 0 1");
        await WriteFileAsync("/etc/udev/rules.d/82-net-setup-link.rules",
            """
            SUBSYSTEM!="net", GOTO="end"
            ACTION=="add", ATTR{phys_port_name}=="pf0vf*", NAME="ens0-$attr{phys_port_name}"
            LABEL="end"

            """);
        await RunAsync(
            """
            udevadm control --reload
            for mode in legacy switchdev; do devlink dev eswitch set pci/0000:01:00.0 mode $mode; done
            udevadm settle
            """);
        LabResult rule = await RunAsync("representor 0 0; representor 0 1");

        Assert.Equal("enp1s0f0np0", scheme.Lines[0]);
        Assert.All(scheme.Lines.Skip(1), name => Assert.StartsWith("enp1s0f0", name));
        Assert.Equal(["ens0-pf0vf0", "ens0-pf0vf1"], rule.Lines);
    }
}
