namespace OvsOffload.LiveTests;

/// <summary>How the program's service begins, and how it ends where it cannot.</summary>
public sealed class ServiceStartTests
{
    private static readonly string Unit =
        Path.Combine(Repository.Root, "src", "packaging", "systemd", "ovs-offload.service");

    /// <summary>Restarting does not mend a file; systemd would try every 5 s for ever.</summary>
    [Fact]
    public async Task A_configuration_with_errors_ends_it_with_a_status_after_which_systemd_does_not_restart_it()
    {
        (int status, string _, string error) = await MountNamespace.RunProgramAsync(
            "printf 'version: 1\\nbridge: []\\n' > /run/config.yaml; ovs-offload --config /run/config.yaml run");

        Assert.Equal(2, status);
        Assert.Contains("config.yaml:2:1", error, StringComparison.Ordinal);
        Assert.Contains($"RestartPreventExitStatus={status}", await File.ReadAllLinesAsync(
            Unit, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_second_service_says_that_it_is_the_second_and_leaves_the_first_alone()
    {
        int port = RunningService.FreePort();
        (int status, string output, string error) = await MountNamespace.RunProgramAsync(
            $$"""
            printf 'version: 1\nmetrics: { listen: "127.0.0.1:{{port}}" }\n' > /run/config.yaml
            ovs-offload --config /run/config.yaml run 2> /dev/null & first=$!
            until curl -sf -o /dev/null http://127.0.0.1:{{port}}/healthz; do sleep 0.1; done
            timeout 30 ovs-offload --config /run/config.yaml run; echo $?
            curl -s http://127.0.0.1:{{port}}/healthz
            kill $first; wait $first
            """);

        Assert.True(status == 0, error + output);
        Assert.Equal("4\nok\n", output);
        Assert.Contains("another service is running on this host", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_current_directory_that_was_removed_does_not_keep_it_from_serving()
    {
        int port = RunningService.FreePort();
        (int status, string output, string error) = await MountNamespace.RunProgramAsync(
            $$"""
            printf 'version: 1\nmetrics: { listen: "127.0.0.1:{{port}}" }\n' > /run/config.yaml
            mkdir /run/gone; cd /run/gone; rmdir /run/gone
            ovs-offload --config /run/config.yaml run 2> /run/log & service=$!
            until curl -sf http://127.0.0.1:{{port}}/healthz; do
                [ -e /proc/$service ] || { cat /run/log; exit 1; }; sleep 0.1
            done
            """);

        Assert.True(status == 0, error + output);
        Assert.Equal("ok\n", output);
    }

    /// <summary>The runtime's pipe in /tmp, by which another process of the same user can take memory dumps.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("DOTNET_EnableDiagnostics=1")]
    public async Task It_opens_no_diagnostic_socket(string environment)
    {
        int port = RunningService.FreePort();
        (int status, string output, string error) = await MountNamespace.RunProgramAsync(
            $$"""
            cd /; mount -t tmpfs tmpfs /tmp
            printf 'version: 1\nmetrics: { listen: "127.0.0.1:{{port}}" }\n' > /run/config.yaml
            env {{environment}} ovs-offload --config /run/config.yaml run 2> /dev/null & service=$!
            until curl -sf -o /dev/null http://127.0.0.1:{{port}}/metrics; do sleep 0.1; done
            ls -A /tmp; kill $service; wait $service
            """);

        Assert.True(status == 0, error + output);
        Assert.Equal("", output);
    }
}
