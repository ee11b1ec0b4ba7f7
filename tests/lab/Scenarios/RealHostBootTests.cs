namespace OvsOffload.LabTests.Scenarios;

/// <summary>The package on a real host: installed, configured, and booted by somebody else at night.</summary>
[Collection(OnRealHost.Name)]
public sealed class RealHostBootTests(OlderDebian host) : RealHostScenario(host)
{
    [Fact]
    public Task Installed_configured_and_rebooted_it_is_as_configured_before_guests_and_agents_start() =>
        ExpectConvergedBootAsync();

    [Fact]
    [Trait("Level", "all")]
    public async Task A_NIC_that_is_missing_is_waited_for_half_a_minute_and_the_boot_goes_on_with_the_others()
    {
        await InstallAsync();
        await WriteFileAsync(Config, NicOnly() + "\n  - pf: \"0000:09:00.0\"\n    mode: switchdev\n    vfs: 4\n");

        await RebootAsync();

        await ExpectBootAsync(staged: 6, settled: 6, least: 30);
        Assert.Contains("0000:09:00.0", await JournalAsync("ovs-offload-pre"));
        Assert.Equal("4", (await RunAsync($"cat /sys/bus/pci/devices/{Pf}/sriov_numvfs")).Text);
    }

    [Fact]
    [Trait("Level", "all")]
    public async Task Without_Open_vSwitch_the_boot_goes_on_with_the_NICs_and_once_it_comes_the_rest_follows()
    {
        await InstallAsync();
        await WriteFileAsync(Config, Wanted());
        await RunAsync("systemctl mask openvswitch-switch ovs-vswitchd ovsdb-server 2>&1");

        await RebootAsync();

        await ExpectBootAsync(staged: 0, settled: 6, least: 0);
        Assert.Contains("Open vSwitch", await JournalAsync("ovs-offload-post"));
        Assert.Equal("4", (await RunAsync($"cat /sys/bus/pci/devices/{Pf}/sriov_numvfs")).Text);

        await RunAsync(
            """
            systemctl unmask openvswitch-switch ovs-vswitchd ovsdb-server 2>&1
            systemctl start openvswitch-switch
            """);
        await UntilMatchesAsync();
        Assert.Equal(5, (await RunAsync("ovs-vsctl list-ports br1")).Lines.Count);
    }

    [Fact]
    [Trait("Level", "all")]
    public async Task A_broken_configuration_ends_both_stages_at_once_and_the_boot_goes_on()
    {
        await InstallAsync();
        await WriteFileAsync(Config, "version: 1\nnics:\n  - pf: \"0000:01:00.0\"\n    mode: swichdev\n");

        await RebootAsync();

        await ExpectBootAsync(staged: 2, settled: 2, least: 0);
        Assert.Contains("config.yaml:4:", await JournalAsync("ovs-offload-pre"));
        Assert.Equal("0", (await RunAsync($"cat /sys/bus/pci/devices/{Pf}/sriov_numvfs")).Text);
    }

    /// <summary>
    /// The boot came to its end with the management network and ssh; both stages took what they may.
    /// </summary>
    /// <param name="staged">The exit status of the stage before the network.</param>
    /// <param name="settled">That of the stage after Open vSwitch.</param>
    /// <param name="least">Seconds that the first stage waits at least.</param>
    private async Task ExpectBootAsync(int staged, int settled, int least)
    {
        LabResult host = await RunAsync(
            """
            systemctl is-active multi-user.target ssh networking
            ip -br -4 address show dev mgmt0
            systemctl show --value -p ExecMainStatus ovs-offload-pre ovs-offload-post | grep .
            """);
        double waited = await WhenAsync("ovs-offload-pre", "ExecMainExitTimestampMonotonic")
            - await WhenAsync("ovs-offload-pre", "ExecMainStartTimestampMonotonic");

        Assert.Equal(["active", "active", "active"], host.Lines.Take(3));
        Assert.Contains("10.0.2.15/24", host.Lines[3]);
        Assert.Equal([$"{staged}", $"{settled}"], host.Lines.Skip(4));
        Assert.InRange(waited, least, 30 + (20 * Machine.Pace));
    }
}
