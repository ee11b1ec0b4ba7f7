namespace OvsOffload.LiveTests;

/// <summary>The service of a user who is not root, with the capabilities that the README names.</summary>
public sealed class UnprivilegedTests
{
    private static string Prepare(int port) =>
        $$"""
        config() { printf 'version: 1\n%bmetrics: { listen: "127.0.0.1:{{port}}" }\n' "$1" > /run/config.yaml; }
        caps=+net_admin,+sys_admin,+sys_ptrace,+dac_read_search,+syslog
        observe() { # COMMAND..: the collectors that fail in its service, its health, its diagnostic sockets
            "$@" ovs-offload --config /run/config.yaml run 2> /run/log & local service=$!
            until curl -sf -o /dev/null http://127.0.0.1:{{port}}/metrics; do
                [ -e /proc/$service ] || { cat /run/log; return; }; sleep 0.2
            done
            sleep 2; curl -s http://127.0.0.1:{{port}}/healthz
            curl -s http://127.0.0.1:{{port}}/metrics | grep -E '^ovs_offload_collector_success.* 0$'
            ls /tmp/dotnet-diagnostic-$service-* 2> /dev/null
            kill $service; wait $service
        }
        """;

    [Fact]
    public async Task With_five_capabilities_it_reads_what_root_reads_and_opens_no_diagnostic_socket()
    {
        (int status, string output, string error) = await MountNamespace.RunProgramAsync(
            $$"""
            {{Prepare(RunningService.FreePort())}}
            config ''
            observe env > /run/root
            observe {{MountNamespace.AsNobody}} --inh-caps $caps --ambient-caps $caps > /run/nobody
            diff /run/root /run/nobody && cat /run/nobody
            """);

        Assert.True(status == 0, error + output);
        Assert.StartsWith("ok\n", output, StringComparison.Ordinal);
        Assert.DoesNotContain("dotnet-diagnostic", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_root_it_keeps_no_configuration_that_manages_something()
    {
        (int _, string output, string _) = await MountNamespace.RunProgramAsync(
            $$"""
            {{Prepare(RunningService.FreePort())}}
            config 'openvswitch: { hw-offload: true }\n'
            observe {{MountNamespace.AsNobody}}
            """);

        Assert.Contains("run must be run as root with this configuration", output, StringComparison.Ordinal);
    }
}
