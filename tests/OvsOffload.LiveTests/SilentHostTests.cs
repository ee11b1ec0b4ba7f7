using System.Globalization;

namespace OvsOffload.LiveTests;

/// <summary>The service on a host whose kernel and daemons have fallen silent.</summary>
public sealed class SilentHostTests
{
    /// <summary>Netlink requests that never come back, once there is a file; compiled and loaded before libc.</summary>
    private const string SilentKernel =
        """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <sys/socket.h>
        #include <unistd.h>
        ssize_t send(int socket, const void *bytes, size_t length, int flags)
        {
            int domain = 0;
            socklen_t size = sizeof domain;
            if (!getsockopt(socket, SOL_SOCKET, SO_DOMAIN, &domain, &size) && domain == AF_NETLINK)
                while (!access("/run/silent", F_OK))
                    pause();
            ssize_t (*real)(int, const void *, size_t, int) = dlsym(RTLD_NEXT, "send");
            return real(socket, bytes, length, flags);
        }
        """;

    private const string Compile =
        $"""
        cat > /run/silent.c <<'CODE'
        {SilentKernel}
        CODE
        cc -shared -fPIC -o /mnt/silent.so /run/silent.c || exit
        """;

    [Fact]
    public async Task Thirty_six_scrapes_take_no_more_descriptors_than_eight_and_few_more_threads()
    {
        int port = RunningService.FreePort();
        (int status, string output, string error) = await MountNamespace.RunProgramAsync(
            $$"""
            listen() {
                perl -MSocket -e 'socket(my $s, AF_UNIX, SOCK_STREAM, 0) or die; bind($s, sockaddr_un($ARGV[0])) or die;
                    listen($s, 9) or die; sleep 90' "$1" & until [ -S "$1" ]; do sleep 0.05; done
            }
            printf 'version: 1\nmetrics: { listen: "127.0.0.1:{{port}}" }\n' > /run/config.yaml
            {{Compile}}
            LD_PRELOAD=/mnt/silent.so ovs-offload --config /run/config.yaml run 2> /run/log & service=$!
            until curl -s http://127.0.0.1:{{port}}/metrics | grep -q 'collector_success{collector="bonds"} 1'; do
                sleep 0.1
            done
            mkdir /run/openvswitch; echo 77 > /run/openvswitch/ovs-vswitchd.pid
            listen /run/openvswitch/db.sock; listen /run/openvswitch/ovs-vswitchd.77.ctl
            touch /run/silent
            scrape() { curl -s -o /dev/null http://127.0.0.1:{{port}}/metrics & curls+=($!); }
            for batch in {1..9}; do
                curls=(); scrape; scrape; scrape; scrape; wait "${curls[@]}"
                echo "$(sed -n 's/^Threads:\t//p' /proc/$service/status) $(ls /proc/$service/fd | wc -l)"
            done
            kill $service; begun=$SECONDS; wait $service; [ $((SECONDS - begun)) -le 3 ] || echo slow
            exit 0
            """);

        Assert.True(status == 0, error + output);
        int[][] counts =
        [
            .. output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Split(' ').Select(int.Parse).ToArray()),
        ];
        Assert.Equal(9, counts.Length);

        // The pool of threads makes some more while others wait for the kernel.
        Assert.True(counts[^1][0] <= counts[1][0] + 12 && counts[^1][1] <= counts[1][1] + 4, output);
    }

    /// <summary>What is waited for besides daemons and pipes: the kernel, an agent's program that ignores SIGTERM, and
    /// at boot a NIC.</summary>
    [Theory]
    [InlineData("kernel", "status")]
    [InlineData("kernel", "plan")]
    [InlineData("kernel", "run")]
    [InlineData("kernel", "apply --stage pre --yes")]
    [InlineData("program", "status")]
    [InlineData("program", "run")]
    [InlineData("nic", "apply --stage pre --yes")]
    public async Task Whatever_waits_ends_within_two_seconds_of_SIGTERM(string kind, string command)
    {
        (int status, string output, string error) = await MountNamespace.RunProgramAsync(
            $$"""
            {{Compile}}
            printf 'version: 1\nmetrics: { listen: "127.0.0.1:{{RunningService.FreePort()}}" }\n' > /run/config.yaml
            printf 'nics: [{ pf: "0000:ff:1f.7", mode: switchdev }]\n' >> /run/config.yaml
            case {{kind}} in
                kernel) touch /run/silent ;;
                program)
                    printf '#!/bin/bash\ntrap "" TERM; touch /run/asked\nwhile :; do sleep 1; done\n' > /mnt/agent
                    chmod 755 /mnt/agent
                    printf 'security-groups: { policy: disable, backends: [command], command: [/mnt/agent] }\n' \
                        >> /run/config.yaml ;;
            esac
            LD_PRELOAD=/mnt/silent.so ovs-offload --config /run/config.yaml {{command}} > /run/log 2>&1 & program=$!
            sleep 1.5; kill -TERM $program || { cat /run/log; exit 9; }
            [ {{kind}} != program ] || [ -e /run/asked ] || exit 8
            begun=$(date +%s%N); wait $program; echo $((($(date +%s%N) - begun) / 1000000)); exit 0
            """);

        Assert.True(status == 0, $"{status}: {error}{output}");
        Assert.True(int.Parse(output, CultureInfo.InvariantCulture) < 2000, $"{output} ms; {error}");
    }
}
