using OvsOffload.Platform;

namespace OvsOffload.Tests.Platform;

public sealed class AffinitySettingsTests : IDisposable
{
    private readonly HostTree _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Scripts_units_and_MLNX_OFED_that_place_interrupts_are_found()
    {
        _host.File("/etc/rc.local", "#!/bin/sh\n# set_irq_affinity.sh eth4\nset_irq_affinity_bynode.sh 0 eth4\n")
            .File("/etc/systemd/system/irq.service", "[Service]\nExecStart=/usr/sbin/mlnx_tune -p HIGH_THROUGHPUT\n")
            .File("/etc/systemd/system/other.service.d/x.conf", "ExecStart=mlnx_tune\n")
            .File("/etc/infiniband/openib.conf", "ONBOOT=yes\nRUN_AFFINITY_TUNER=yes\n")
            .File("/etc/udev/rules.d/9.rules", "RUN+=\"/bin/sh -c 'echo 4 > /proc/irq/90/smp_affinity'\"\n");

        Assert.Equal(
            [
                "/etc/udev/rules.d/9.rules", "/etc/systemd/system/irq.service", "/etc/rc.local",
                "/etc/infiniband/openib.conf",
            ],
            AffinitySettings.Read(_host.Paths).Value.Select(setting => setting.File));
    }

    [Theory]
    [InlineData("RUN_AFFINITY_TUNER=no")]
    [InlineData("cat /proc/irq/90/smp_affinity")]
    [InlineData("  # mlnx_affinity start")]
    [InlineData("")]
    public void A_line_that_places_nothing_is_passed_over(string line) =>
        Assert.Empty(AffinitySettings.Parse("/etc/rc.local", line));

    [Fact]
    public void A_script_that_cannot_be_read_is_a_failure()
    {
        _host.File("/etc/rc.local", new string('x', 2 << 20));

        Assert.Contains("/etc/rc.local", AffinitySettings.Read(_host.Paths).Why);
    }

    [Fact]
    public void Without_any_of_them_nobody_places_interrupts() =>
        Assert.Empty(AffinitySettings.Read(_host.Paths).Value);
}
