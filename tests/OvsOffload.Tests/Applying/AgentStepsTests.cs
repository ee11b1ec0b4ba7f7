using System.Text;
using System.Text.Json;
using OvsOffload.Applying;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Os;
using OvsOffload.Planning;

namespace OvsOffload.Tests.Applying;

/// <summary>Steps on real files and with real programs, kubectl's part played by a script that keeps a
/// ConfigMap.</summary>
public sealed class AgentStepsTests : IDisposable
{
    private const string Ini = "/etc/neutron/plugins/ml2/openvswitch_agent.ini";

    private const string Before =
        "# caf\u00e9\r\n[securitygroup]\r\nenable_security_group = true\r\nfirewall_driver = "
            + "openvswitch\r\n[agent]\r\nx = 1";

    private readonly HostTree _host = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task A_file_is_changed_its_agent_restarted_and_both_taken_back_to_the_byte()
    {
        byte[] bytes = Encoding.Latin1.GetBytes(Before);
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        _host.File(Ini, bytes);
        File.SetUnixFileMode(_host.At(Ini), Mode);
        SetAgentFile step = await NeutronStepAsync();

        Assert.True(await Steps().RunAsync(step, Cancellation));
        string changed = Encoding.Latin1.GetString(File.ReadAllBytes(_host.At(Ini)));
        AgentFile read = (await ReadAsync(SecurityGroupBackend.Neutron)).Neutron.Value;
        Assert.False(await Steps().RunAsync(step, Cancellation));
        Assert.True(await Steps().RunAsync((SetAgentFile)step.Inverse[0], Cancellation));

        Assert.Equal(
            Before.Replace("group = true", "group = false").Replace("= openvswitch", "= noop"), changed);
        Assert.Equal(Before, read.Record!.Before);
        Assert.Equal(bytes, File.ReadAllBytes(_host.At(Ini)));
        Assert.Equal(Mode, File.GetUnixFileMode(_host.At(Ini)));
        Assert.Equal("restart\nrestart\n", _host.Text("/restarts"));
        Assert.Null((await ReadAsync(SecurityGroupBackend.Neutron)).Neutron.Value.Record);
    }

    [Fact]
    public async Task The_record_holds_another_program_s_secrets_and_only_its_owner_can_read_it()
    {
        _host.File(Ini, Before);
        await Steps().RunAsync(await NeutronStepAsync(), Cancellation);

        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite,
            File.GetUnixFileMode(_host.At("/var/lib/ovs-offload/security-groups/neutron.json")));
    }

    [Fact]
    public async Task A_file_changed_by_another_program_since_it_was_read_is_left_alone()
    {
        _host.File(Ini, Before);
        SetAgentFile step = await NeutronStepAsync();
        _host.File(Ini, Before + "\r\ny = 2");

        StepException failure = await Assert.ThrowsAsync<StepException>(() => Steps().RunAsync(step, Cancellation));

        Assert.Contains("changed after the plan was made", failure.Message);
        Assert.EndsWith("y = 2", _host.Text(Ini), StringComparison.Ordinal);
        Assert.Null((await ReadAsync(SecurityGroupBackend.Neutron)).Neutron.Value.Record);
        Assert.False(File.Exists(_host.At("/restarts")));
    }

    [Fact]
    public async Task A_failed_restart_restores_the_file_and_reports_the_program_s_output()
    {
        _host.File(Ini, Before);
        SetAgentFile step = await NeutronStepAsync() with
        {
            Restart = ["/bin/sh", "-c", "echo Unit not found. >&2; exit 5"],
        };

        StepException failure = await Assert.ThrowsAsync<StepException>(() => Steps().RunAsync(step, Cancellation));

        Assert.Contains("exit code 5: Unit not found.", failure.Message);
        Assert.Contains("the change was undone", failure.Message);
        Assert.Equal(Before, _host.Text(Ini));
        Assert.Null((await ReadAsync(SecurityGroupBackend.Neutron)).Neutron.Value.Record);
    }

    [Fact]
    public async Task A_missing_host_local_conf_is_created_and_removed_again()
    {
        _host.File("/etc/yunion/host.conf", "networks: []\n");
        var step = (SetAgentFile)(await ActionAsync(SecurityGroupBackend.Cloudpods))!;

        await Steps().RunAsync(step, Cancellation);
        string made = _host.Text("/etc/yunion/host_local.conf");
        AgentAction? again = await ActionAsync(SecurityGroupBackend.Cloudpods);
        AgentAction? back = await ActionAsync(SecurityGroupBackend.Cloudpods, off: false);
        await Steps().RunAsync((SetAgentFile)back!, Cancellation);

        Assert.Equal("disable_security_group: true\n", made);
        Assert.Null(again);
        Assert.False(File.Exists(_host.At("/etc/yunion/host_local.conf")));
        Assert.Null(await ActionAsync(SecurityGroupBackend.Cloudpods, off: false));
    }

    [Fact]
    public async Task The_ConfigMap_is_read_changed_and_put_back_by_kubectl()
    {
        _host.File(
            "/cm.json",
            """{"kind":"ConfigMap","metadata":{"name":"default-host","resourceVersion":"7"},"data":"""
                + """{"config":"rack: r\u00e9\n"}}""");
        var step = (SetConfigMap)(await ActionAsync(SecurityGroupBackend.Cloudpods, cluster: true))!;

        await Steps().RunAsync(step, Cancellation);
        string changed = Config();
        AgentAction? again = await ActionAsync(SecurityGroupBackend.Cloudpods, cluster: true);
        var back = (SetConfigMap)(await ActionAsync(SecurityGroupBackend.Cloudpods, off: false, cluster: true))!;
        await Steps().RunAsync(back, Cancellation);

        Assert.Equal("rack: r\u00e9\ndisable_security_group: true\n", changed);
        Assert.Null(again);
        Assert.Equal("rack: r\u00e9\n", Config());
        Assert.Contains("\"resourceVersion\":\"7\"", _host.Text("/cm.json"));
        Assert.Equal(2, _host.Text("/rollouts").Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);

        string Config()
        {
            using var map = JsonDocument.Parse(_host.Text("/cm.json"));
            return map.RootElement.GetProperty("data").GetProperty("config").GetString()!;
        }
    }

    [Fact]
    public async Task A_ConfigMap_changed_by_another_program_is_left_alone()
    {
        _host.File("/cm.json", """{"data":{"config":"a: 1\n"}}""");
        var step = (SetConfigMap)(await ActionAsync(SecurityGroupBackend.Cloudpods, cluster: true))!;
        _host.File("/cm.json", """{"data":{"config":"a: 2\n"}}""");

        await Assert.ThrowsAsync<StepException>(() => Steps().RunAsync(step, Cancellation));

        Assert.Contains("a: 2", _host.Text("/cm.json"));
        Assert.False(File.Exists(_host.At("/rollouts")));
    }

    [Fact]
    public async Task Without_kubectl_the_reading_fails_with_its_words()
    {
        SecurityGroupState state = await ReadAsync(SecurityGroupBackend.Cloudpods, cluster: true);

        Assert.True(state.ConfigMap.IsFailed);
        Assert.Contains("No such file", state.ConfigMap.Why);
    }

    [Fact]
    public async Task The_site_s_program_gets_the_decision_in_its_environment_and_as_JSON()
    {
        CallProgram step = await ProgramStepAsync("cat > $ROOT/input; echo $OVS_OFFLOAD_REASON > $ROOT/reason; "
            + "echo $OVS_OFFLOAD_SECURITY_GROUPS > $ROOT/state");

        Assert.True(await Steps().RunAsync(step, Cancellation));

        using var input = JsonDocument.Parse(_host.Text("/input"));
        Assert.Equal("disabled", input.RootElement.GetProperty("security_groups").GetString());
        Assert.Equal("a guest", input.RootElement.GetProperty("guests")[0].GetString());
        Assert.Equal("nic_generation\n", _host.Text("/reason"));
        ProgramState after = (await ReadAsync(SecurityGroupBackend.Command)).Program.Value;
        Assert.Equal((true, true), (after.IsOff, after.Record is not null));
        await Steps().RunAsync((CallProgram)step.Inverse[0], Cancellation);
        after = (await ReadAsync(SecurityGroupBackend.Command)).Program.Value;
        Assert.Equal((false, false), (after.IsOff, after.Record is not null));
    }

    [Fact]
    public async Task A_failing_program_is_reported_with_its_exit_status_and_output()
    {
        CallProgram step = await ProgramStepAsync("echo the controller is down >&2; exit 9");

        ProcessException failure =
            await Assert.ThrowsAsync<ProcessException>(() => Steps().RunAsync(step, Cancellation));

        Assert.Contains("exit code 9: the controller is down", failure.Message);
    }

    [Fact]
    public async Task A_program_that_succeeds_without_effect_is_detected()
    {
        CallProgram step = await ProgramStepAsync("exit 0");

        StepException failure = await Assert.ThrowsAsync<StepException>(() => Steps().RunAsync(step, Cancellation));

        Assert.Contains("called with set and disabled", failure.Message);
    }

    [Fact]
    public async Task An_unexpected_answer_of_the_program_is_a_failed_reading()
    {
        Script("/program", "echo perhaps");

        Reading<ProgramState> read = (await ReadAsync(SecurityGroupBackend.Command)).Program;

        Assert.True(read.IsFailed);
        Assert.Contains("neither enabled nor disabled", read.Why);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("{\"object\":\"x\",\"before\":\"%\",\"after\":null}")]
    [InlineData("[1]")]
    public async Task A_damaged_record_is_a_failed_reading_and_never_no_record(string text)
    {
        _host.File(Ini, Before).File("/var/lib/ovs-offload/security-groups/neutron.json", text);

        Reading<AgentFile> read = (await ReadAsync(SecurityGroupBackend.Neutron)).Neutron;

        Assert.True(read.IsFailed);
        Assert.Contains(": damaged: ", read.Why);
    }

    [Fact]
    public async Task A_record_of_another_release_is_refused()
    {
        _host.File(Ini, Before).File(
            "/var/lib/ovs-offload/security-groups/neutron.json",
            "{\"schema\":2,\"object\":\"x\",\"before\":null,\"after\":null}");

        Assert.Contains("written by another release", (await ReadAsync(SecurityGroupBackend.Neutron)).Neutron.Why);
    }

    [Fact]
    public async Task No_program_is_run_that_the_configuration_does_not_name()
    {
        Script("/program", "touch $ROOT/ran");
        Script("/kubectl", "touch $ROOT/ran");

        await Source().ReadAsync(new SecurityGroupIntent { Command = [_host.At("/program")] }, Cancellation);

        Assert.False(File.Exists(_host.At("/ran")));
    }

    private async Task<SetAgentFile> NeutronStepAsync() =>
        (SetAgentFile)(await ActionAsync(SecurityGroupBackend.Neutron))!
        with
        {
            Restart = ["/bin/sh", "-c", $"echo restart >> {_host.At("/restarts")}"],
        };

    private async Task<CallProgram> ProgramStepAsync(string set)
    {
        _host.File("/state", "enabled\n");
        Script("/program", $"[ \"$OVS_OFFLOAD_OPERATION\" = get ] && {{ cat $ROOT/state; exit; }}; {set}");
        return new CallProgram([_host.At("/program")], false, true)
        {
            Backend = SecurityGroupBackend.Command,
            Description = "security groups off",
            PreviousDescription = "security groups on",
            Reason = "nic_generation",
            Why = "because",
            Guests = ["a guest"],
            RecordTo = new AgentFileRecord(_host.At("/program"), "enabled", "disabled"),
        };
    }

    private async Task<AgentAction?> ActionAsync(SecurityGroupBackend backend, bool off = true, bool cluster = false)
    {
        if (cluster)
        {
            Script("/kubectl",
                """
                case "$*" in
                  *" get "*) cat $ROOT/cm.json;;
                  *" replace "*) cat > $ROOT/new.json; mv $ROOT/new.json $ROOT/cm.json;;
                  *" rollout "*) echo "$*" >> $ROOT/rollouts;;
                esac
                """);
        }

        SecurityGroupState state = await ReadAsync(backend, cluster);
        var intent = new HostIntent { SecurityGroups = IntentOf(backend, cluster) };
        return Assert.Single(SecurityGroupPlanner.Statuses(
            intent, SampleHost.Bare() with { SecurityGroups = state }, new SecurityGroupDecision(off, "x", "y")))
            .Action;
    }

    private Task<SecurityGroupState> ReadAsync(SecurityGroupBackend backend, bool cluster = false) =>
        Source().ReadAsync(IntentOf(backend, cluster), Cancellation);

    private SecurityGroupIntent IntentOf(SecurityGroupBackend backend, bool cluster) => new()
    {
        Backends = [backend],
        Cloudpods = cluster ? CloudpodsReach.Cluster : CloudpodsReach.Host,
        Command = [_host.At("/program")],
    };

    private SecurityGroupSource Source() => new(_host.Paths, new TreePrograms(_host));

    private AgentSteps Steps() => new(_host.Paths, new TreePrograms(_host));

    private void Script(string path, string text)
    {
        _host.File(path, $"#!/bin/sh\nROOT={_host.At("/").TrimEnd('/')}\n{text}\n");
        File.SetUnixFileMode(
            _host.At(path), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
