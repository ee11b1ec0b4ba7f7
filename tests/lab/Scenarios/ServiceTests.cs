namespace OvsOffload.LabTests.Scenarios;

/// <summary>The service: what it shows is so, and drift is repaired.</summary>
[Collection(OnServiceMachine.Name)]
public sealed class ServiceTests(ServiceMachine machine) : ProgramScenario(machine)
{
    private const string Fast = "metrics:\n  flow-dump: { interval: 1s, duty: 100% }";

    [Fact]
    public async Task Offloaded_flows_are_those_of_the_switch_and_the_slow_path_stands_still()
    {
        await StartAsync();
        await StartTrafficAsync("n0", "10.0.0.2");

        // Both directions, so that no more flows are to come.
        await RunAsync("for vf in 0 1; do wait_until 30 in_hardware $(representor 0 $vf) rx; done");
        LabResult dump = await RunAsync(
            "ovs-appctl dpctl/dump-flows -m type=offloaded | grep -oE 'ufid:[0-9a-f-]+' | sort -u | wc -l");
        const string Vf0 = "function=\"vf0\"";
        const string Received = "representor_receive_bytes_total";
        Metrics again = await ScrapeUntilAsync(scrape =>
            scrape.All("offloaded_flows").Sum() == double.Parse(dump.Text) && scrape.Has(Received));
        Metrics later = await ScrapeUntilAsync(scrape => scrape.All(Received, Vf0).Sum() > again.Sum(Received, Vf0));

        Assert.True(double.Parse(dump.Text) > 0, dump.ToString());
        Assert.Equal(again.Sum("flows", "state=\"offloaded\""), again.Sum("offloaded_flows"));
        Assert.Equal(
            again.Sum("representor_slow_path_receive_bytes_total", Vf0),
            later.Sum("representor_slow_path_receive_bytes_total", Vf0));
    }

    [Fact]
    [Nic("fail_rules=28")]
    public async Task Rules_that_the_NIC_refuses_are_counted_as_such_and_verify_says_why()
    {
        await StartAsync();
        await StartTrafficAsync("n0", "10.0.0.2");

        Metrics metrics = await ScrapeUntilAsync(scrape => scrape.All("flows", "tc_not_in_hw").Sum() > 0);

        Assert.Equal(0, metrics.Sum("offloaded_flows"));
        LabResult verify = await ProgramAsync("verify --only O05");
        Assert.Equal(3, verify.ExitCode);
        Assert.Contains("rejected", verify.Output);
    }

    [Fact]
    public async Task A_switch_that_died_is_down_and_failed_not_zero_and_its_return_is_seen()
    {
        await StartAsync();
        await StartTrafficAsync("n0", "10.0.0.2");
        await ScrapeUntilAsync(scrape => scrape.All("offloaded_flows").Sum() > 0);

        await RunAsync("kill -9 \"$(cat /run/openvswitch/ovs-vswitchd.pid)\"");
        Metrics dead = await ScrapeUntilAsync(scrape => scrape.All("vswitchd_up") is [0]);
        LabResult verify = await ProgramAsync(3, "verify");
        LabResult status = await ProgramAsync(6, "status");
        await RunAsync("restart_vswitchd");
        Metrics back = await ScrapeUntilAsync(
            scrape => scrape.All("offloaded_flows").Sum() > 0 && scrape.Has("vswitchd_up"));

        Assert.Contains("O39 ovs-vswitchd does not respond", verify.Output);
        Assert.Contains("unknown whether the host matches the configuration", status.Output);
        Assert.Equal(0, dead.Sum("collector_success", "collector=\"openvswitch\""));
        Assert.Equal(0, dead.Sum("collector_success", "collector=\"flows\""));
        Assert.Empty(dead.All("offloaded_flows"));
        Assert.Empty(dead.All("flows"));
        Assert.Equal(1, back.Sum("vswitchd_up"));
        Assert.Equal(1, back.Sum("collector_success", "collector=\"flows\""));
    }

    [Fact]
    public async Task Drift_is_repaired_without_being_asked()
    {
        await StartAsync();

        await RunAsync(
            "ip link set \"$(representor 0 1)\" down; ovs-vsctl remove Open_vSwitch . other_config hw-offload");

        await RunAsync(
            "wait_until 30 eval 'ip -br link show \"$(representor 0 1)\" | grep -q UP'; "
                + "wait_until 30 eval '[ \"$(ovs-vsctl get Open_vSwitch . other_config:hw-offload)\" = \\\"true\\\" ]'",
            TimeSpan.FromSeconds(90));
    }

    [Fact]
    public async Task A_held_VF_on_one_port_keeps_neither_apply_nor_the_service_from_the_other()
    {
        await ConfigureAsync(
            """
            version: 1
            nics:
              - { pf: "0000:01:00.0", mode: switchdev, vfs: 2 }
              - { pf: "0000:01:00.1", mode: switchdev, vfs: 2 }
            openvswitch: { hw-offload: true }
            """);
        await RunAsync(
            "start_openvswitch hw-offload=false; echo 2 > /sys/bus/pci/devices/0000:01:00.0/sriov_numvfs; "
                + "add_guest n1 0 1 10.0.0.1/24");

        LabResult plan = await ProgramAsync(4, "plan");
        LabResult apply = await ProgramAsync(6, "apply --yes");

        Assert.Contains("network namespace n1 has", plan.Errors);
        Assert.Contains("Skipped because of the problem above: 0000:01:00.0.", plan.Output);
        Assert.Contains("network namespace n1 has", apply.Errors);
        await RunAsync(
            """
            devlink dev eswitch show pci/0000:01:00.0 | grep -q 'mode legacy'
            [ "$(cat /sys/bus/pci/devices/0000:01:00.0/sriov_numvfs)" = 2 ]
            ip -n n1 -br link show | grep -v '^lo' | grep -q .
            devlink dev eswitch show pci/0000:01:00.1 | grep -q 'mode switchdev'
            [ "$(cat /sys/bus/pci/devices/0000:01:00.1/sriov_numvfs)" = 2 ]
            [ "$(ovs-vsctl get Open_vSwitch . other_config:hw-offload)" = '"true"' ]
            """);

        await StartServiceAsync();
        await RunAsync("ip link set \"$(representor 1 0)\" down");
        await RunAsync(
            "wait_until 60 eval 'ip -br link show \"$(representor 1 0)\" | grep -q UP'", TimeSpan.FromSeconds(90));
        Metrics metrics = await ScrapeUntilAsync(scrape => scrape.All("pending_steps").Sum() == 0);
        Assert.Equal(1, metrics.Sum("plan_objections", "kind=\"refused\""));
        Assert.Equal(0, metrics.Sum("last_apply_success"));
        await RunAsync("devlink dev eswitch show pci/0000:01:00.0 | grep -q 'mode legacy'");
    }

    [Fact]
    public async Task A_second_service_names_the_first_and_ends()
    {
        await ConfigureAsync(NicOnly(2));
        await StartServiceAsync();

        LabResult second = await ProgramAsync(4, "run");

        Assert.Contains("another ovs-offload service or revert is running", second.Errors);
        Assert.Contains("(ovs-offload run)", second.Errors);
    }

    [Fact]
    [Nic("rep_delay_ms=5000")]
    public async Task A_run_in_which_the_service_died_is_logged_in_one_line_and_completed_by_the_next()
    {
        await ConfigureAsync(NicOnly(2));
        await StartProgramAsync("run");
        await RunAsync(
            "wait_until 90 grep -q wait-representors /run/ovs-offload/journal; pkill -9 -x ovs-offload; "
                + "wait_until 10 eval '! pgrep -x ovs-offload'",
            TimeSpan.FromSeconds(120));

        await StartProgramAsync("run");

        LabResult log = await RunAsync(
            "wait_until 90 grep -qE 'matches the configuration|nothing is left to do' /var/log/ovs-offload.log; "
                + "cat /var/log/ovs-offload.log",
            TimeSpan.FromSeconds(120));
        string told = Assert.Single(log.Lines, line => line.Contains("was cut off after", StringComparison.Ordinal));
        Assert.EndsWith("during: wait for 2 representors of 0000:01:00.0; finishing it now", told);
        Assert.DoesNotContain("failed: the host has not been read", log.Output);
        await ProgramAsync(0, "plan");
    }

    [Fact]
    public async Task Without_a_configuration_everything_is_shown_and_nothing_is_changed()
    {
        await UseProgramAsync();
        await MakeSwitchdevAsync();
        await StartOpenVSwitchAsync();
        await RunAsync("rm -f /etc/ovs-offload/config.yaml");
        string before = await HostAsync();

        await StartServiceAsync();
        Metrics metrics = await ScrapeUntilAsync(scrape => scrape.Has("eswitch_mode", "vfs", "representors"));

        Assert.Equal(1, metrics.Sum("eswitch_mode", $"pf=\"{Pf}\"", "mode=\"switchdev\""));
        Assert.Equal(2, metrics.Sum("vfs", $"pf=\"{Pf}\""));
        Assert.Equal(2, metrics.Sum("representors", $"pf=\"{Pf}\""));
        Assert.Equal(before, await HostAsync());
        LabResult health = await RunAsync("curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:9975/healthz");
        Assert.Equal("200", health.Text);
    }

    private async Task StartAsync()
    {
        await ConfigureAsync(Wanted(2, more: Fast));
        await RunAsync("start_openvswitch hw-offload=false");
        await ProgramAsync(0, "apply --yes");
        await AddTwoGuestsAsync();
        await PingAsync("n0", "10.0.0.2", count: 5);
        await StartServiceAsync();
    }
}
