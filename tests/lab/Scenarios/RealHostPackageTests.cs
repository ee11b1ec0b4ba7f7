namespace OvsOffload.LabTests.Scenarios;

/// <summary>
/// What the package does to a host that is at work: upgrade, removal, purge; and its units under systemd.
/// </summary>
[Collection(OnRealHost.Name)]
public sealed class RealHostPackageTests(OlderDebian host) : RealHostScenario(host)
{
    [Fact]
    [Trait("Level", "all")]
    public Task Systemd_252_has_nothing_to_say_about_the_units_and_their_exposure_is_low() => ExpectSoundUnitsAsync();

    [Fact]
    [Trait("Level", "all")]
    public async Task An_upgrade_under_a_held_VF_changes_nothing_and_revert_takes_all_back_after_the_next_boot()
    {
        string before = await HostAsync();
        await InstallAsync();
        await ConfigureHostAsync(Wanted());
        await RunAsync("add_guest n0 0 0 10.0.0.1/24");
        string held = await StateAsync();

        LabResult upgrade = await InstallAsync(NextVersion);

        Assert.Contains(NextVersion, upgrade.Output);
        Assert.Equal("active", (await RunAsync("systemctl is-active ovs-offload")).Text);
        Assert.Equal(held, await StateAsync());
        await RunAsync("ip -n n0 link show");

        await RebootAsync();
        await RevertAsync();

        Assert.Equal(before, await HostAsync());
        Assert.Equal("", (await RunAsync("find /run/udev/rules.d -name '*ovs-offload*'")).Text);
    }

    [Fact]
    [Trait("Level", "all")]
    public async Task Removal_says_how_to_revert_and_leaves_the_host_and_purge_forgets()
    {
        await InstallAsync();
        await ConfigureHostAsync(Wanted());
        string applied = await HostAsync();

        LabResult removed = await RunAsync("apt-get -q -y remove ovs-offload 2>&1");
        string left = await HostAsync();
        LabResult purged = await RunAsync("apt-get -q -y purge ovs-offload 2>&1");

        Assert.Contains("ovs-offload revert", removed.Output);
        Assert.Equal(applied, left);
        Assert.DoesNotContain("rror", purged.Output);
        Assert.Equal("", (await RunAsync(
            """
            find /etc /run /var/lib /usr -path '*ovs-offload*' \
              ! -path '/var/lib/dpkg/*' ! -path '/run/systemd/*' ! -path '/run/udev/*'
            systemctl list-units --all --plain --no-legend 'ovs-offload*'
            """)).Text);
    }

    [Fact]
    [Trait("Level", "all")]
    public async Task A_reload_applies_the_changed_file_and_the_watchdog_ends_a_service_that_hangs()
    {
        await InstallAsync();
        await RunAsync(
            """
            mkdir -p /run/systemd/system/ovs-offload.service.d
            printf '[Service]\nWatchdogSec=%s\n' $((5 * LAB_PACE)) > /run/systemd/system/ovs-offload.service.d/lab.conf
            systemctl daemon-reload; systemctl restart ovs-offload
            """);
        string first = (await RunAsync("systemctl show --value -p MainPID ovs-offload")).Text;
        await WriteFileAsync(Config, NicOnly(2));

        await RunAsync(
            """
            systemctl reload ovs-offload
            wait_until 60 prints 2 cat /sys/bus/pci/devices/0000:01:00.0/sriov_numvfs
            """);
        Assert.Equal(first, (await RunAsync("systemctl show --value -p MainPID ovs-offload")).Text);

        LabResult restarted = await RunAsync(
            $"""
            kill -STOP {first}
            wait_until 90 prints 1 systemctl show --value -p NRestarts ovs-offload
            wait_until 60 prints active systemctl is-active ovs-offload
            journalctl -b --no-pager -u ovs-offload | grep -c 'Watchdog timeout'
            rm -r /run/systemd/system/ovs-offload.service.d; systemctl daemon-reload
            """,
            TimeSpan.FromSeconds(180));
        Assert.Equal("1", restarted.Text);
    }

    /// <summary>The host, what is in its bridges, the names and numbers of its interfaces, and the records.</summary>
    private async Task<string> StateAsync() => await HostAsync() + (await RunAsync(
        """
        ovs-vsctl --columns=name,ofport,error list Interface; ip -br link | awk '{ print $1, $3 }'
        sha256sum /run/ovs-offload/changes.json /var/lib/ovs-offload/changes.json
        systemctl show -p ActiveEnterTimestampMonotonic -p MainPID ovs-vswitchd ovs-offload-pre ovs-offload-post
        """)).Output;
}
