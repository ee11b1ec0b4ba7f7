using System.Globalization;

namespace OvsOffload.LabTests;

/// <summary>A scenario on a whole Debian, with the program as its package installs it.</summary>
public abstract class RealHostScenario(RealHost host) : ProgramScenario(host)
{
    /// <summary>The version that is installed first, and the one that it is upgraded to.</summary>
    protected const string Version = "1.0~lab1", NextVersion = "1.0~lab2";

    /// <summary>
    /// What stands for whoever runs guests, and for an agent: ordered as libvirtd of Debian 12 is, after network.target
    /// alone, and under a name that the units know. Each writes down what it finds when it starts. And cloud-init's
    /// first units with the order of Debian's, which is before sysinit.target and after networking.service.
    /// </summary>
    private const string Stubs =
        """
        cat > /var/tmp/found-by << 'END'
        cat /sys/bus/pci/devices/0000:01:00.0/sriov_numvfs
        ovs-vsctl --timeout=5 list-ports br1
        ovs-vsctl --timeout=5 get Open_vSwitch . other_config
        END
        for name in libvirtd neutron-openvswitch-agent; do
          cat > /etc/systemd/system/$name.service << END
        [Unit]
        After=network.target
        [Service]
        Type=oneshot
        RemainAfterExit=yes
        ExecStart=/bin/sh -c '. /var/tmp/found-by > /var/tmp/found-$name'
        [Install]
        WantedBy=multi-user.target
        END
        done
        cat > /etc/systemd/system/cloud-init-local.service << 'END'
        [Unit]
        DefaultDependencies=no
        Wants=network-pre.target
        After=systemd-remount-fs.service
        Before=NetworkManager.service network-pre.target sysinit.target shutdown.target
        Conflicts=shutdown.target
        END
        cat > /etc/systemd/system/cloud-init.service << 'END'
        [Unit]
        DefaultDependencies=no
        Wants=cloud-init-local.service
        After=cloud-init-local.service systemd-networkd-wait-online.service networking.service
        Before=network-online.target ssh.service systemd-user-sessions.service sysinit.target shutdown.target
        Conflicts=shutdown.target
        END
        for name in cloud-init-local cloud-init; do
          cat >> /etc/systemd/system/$name.service << 'END'
        [Service]
        Type=oneshot
        RemainAfterExit=yes
        ExecStart=/bin/true
        [Install]
        WantedBy=multi-user.target
        END
        done
        systemctl daemon-reload
        systemctl -q enable libvirtd neutron-openvswitch-agent cloud-init-local cloud-init
        """;

    /// <summary>Installing starts many processes, each of which an emulator makes slow.</summary>
    private static readonly TimeSpan PackageTime = TimeSpan.FromSeconds(120);

    /// <inheritdoc/>
    protected override string ResetCommand => "lab-host-reset";

    /// <summary>Installs the package as a user does, from its file.</summary>
    protected async Task<LabResult> InstallAsync(string version = Version)
    {
        LabResult result = await TryInstallAsync(version);
        Assert.True(result.ExitCode == 0, $"The package was not installed.\n{result}");
        return result;
    }

    /// <summary>The same, whatever comes of it.</summary>
    protected async Task<LabResult> TryInstallAsync(string version)
    {
        string package = await host.PutPackageAsync(version, Cancellation);
        return await TryAsync(
            $"export DEBIAN_FRONTEND=noninteractive; apt-get -q -y install /lab/{package} 2>&1", PackageTime);
    }

    /// <summary>Puts the configuration in place, and waits until the service has applied it by itself.</summary>
    protected async Task ConfigureHostAsync(string configuration)
    {
        await WriteFileAsync(Config, configuration);
        await UntilMatchesAsync();
    }

    /// <summary>Waits until the service has made the host match its configuration.</summary>
    protected Task<LabResult> UntilMatchesAsync() =>
        RunAsync("wait_until 60 ovs-offload plan", TimeSpan.FromSeconds(90));

    /// <summary>
    /// Installs, configures, and reboots: the host is as configured before whoever runs guests starts, and nothing
    /// failed.
    /// </summary>
    protected async Task ExpectConvergedBootAsync()
    {
        string before = await HostAsync();
        await InstallAsync();
        Assert.Equal(before, await HostAsync());
        Assert.Equal("active", (await RunAsync("systemctl is-active ovs-offload")).Text);
        await WriteFileAsync(Config, Wanted());
        await RunAsync(Stubs);

        await RebootAsync();

        await ProgramAsync(0, "plan");
        string[] found = ["4", "enp1s0f0np0", "enp1s0f0r0", "enp1s0f0r1", "enp1s0f0r2", "enp1s0f0r3"];
        foreach (string name in (string[])["libvirtd", "neutron-openvswitch-agent"])
        {
            LabResult stub = await RunAsync($"cat /var/tmp/found-{name}");
            Assert.Equal([.. found, "{hw-offload=\"true\"}"], stub.Lines);
        }

        double staged = await WhenAsync("ovs-offload-pre", "ExecMainExitTimestampMonotonic");
        Assert.InRange(staged, 0.1, await WhenAsync("network-pre.target", "ActiveEnterTimestampMonotonic"));
        Assert.InRange(staged, 0.1, await WhenAsync("ovsdb-server", "InactiveExitTimestampMonotonic"));
        Assert.DoesNotContain("ordering cycle", await JournalAsync());
        Assert.Equal(["active", "active"], (await RunAsync("systemctl is-active cloud-init-local cloud-init")).Lines);
        Assert.Equal("", (await RunAsync("systemctl --failed --plain --no-legend")).Text);
    }

    /// <summary>Systemd has nothing to say about the units, and each is exposed little.</summary>
    protected async Task ExpectSoundUnitsAsync()
    {
        const string Units = "ovs-offload.service ovs-offload-pre.service ovs-offload-post.service";
        await InstallAsync();

        LabResult verified = await RunAsync($"systemd-analyze verify --man=no {Units} 2>&1");
        LabResult exposure = await RunAsync(
            $"for unit in {Units}; do systemd-analyze security --threshold=45 $unit | tail -1; done");

        Assert.Equal("", verified.Text);
        Assert.Equal(3, exposure.Lines.Count);
        TestContext.Current.TestOutputHelper?.WriteLine(exposure.Output);
    }

    /// <summary>Reboots, and tells the seconds from the kernel's start to the boot's end.</summary>
    protected async Task RebootAsync()
    {
        await Machine.RebootAsync(Cancellation);
        await TellBootAsync();
    }

    /// <summary>Cuts the power, and boots.</summary>
    protected async Task CutPowerAsync()
    {
        await Machine.CutPowerAsync();
        await TellBootAsync();
    }

    /// <summary>
    /// Stops the service, which would apply everything again, and reverts. To switch offload off ovs-vswitchd has to be
    /// restarted, which stays pending.
    /// </summary>
    protected async Task RevertAsync()
    {
        await RunAsync("systemctl stop ovs-offload");
        await ProgramAsync(7, "revert --yes");
    }

    /// <summary>When something became so, in seconds since the kernel's start; 0 where it did not.</summary>
    /// <param name="unit">A unit of systemd.</param>
    /// <param name="property">A time stamp such as <c>ActiveEnterTimestampMonotonic</c>.</param>
    protected async Task<double> WhenAsync(string unit, string property) => double.Parse(
        (await RunAsync($"systemctl show --value -p {property} {unit}")).Text, CultureInfo.InvariantCulture) / 1e6;

    /// <summary>The journal of this boot, of one unit or of all.</summary>
    protected async Task<string> JournalAsync(string? unit = null) => (await RunAsync(
        $"journalctl -b --no-pager -o short-monotonic {(unit is null ? "" : $"-u {unit}")}")).Output;

    private async Task TellBootAsync()
    {
        LabResult times = await RunAsync(
            """
            systemd-analyze time | head -1
            for unit in ovs-offload-pre ovs-offload-post; do
              systemctl show -p Id -p Result -p ExecMainStatus -p ExecMainStartTimestampMonotonic \
                -p ExecMainExitTimestampMonotonic $unit | paste -sd ' '
            done
            journalctl -b --no-pager -o short-monotonic -u ovs-offload-pre -u ovs-offload-post
            """);
        TestContext.Current.TestOutputHelper?.WriteLine(times.Output);
    }
}
