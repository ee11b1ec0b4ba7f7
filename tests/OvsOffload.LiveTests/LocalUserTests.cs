using System.Globalization;

namespace OvsOffload.LiveTests;

/// <summary>What a user without any rights can do to a root service on the same host.</summary>
public sealed class LocalUserTests
{
    /// <summary>A daemon of Open vSwitch's user that listens at <c>$1</c> and answers nothing.</summary>
    private const string Listen =
        """
        listen() { # PATH [COMMAND..]
            local socket=$1; shift
            "$@" perl -MSocket -e '
                socket(my $s, AF_UNIX, SOCK_STREAM, 0) or die; bind($s, sockaddr_un($ARGV[0])) or die "$!";
                listen($s, 9) or die; sleep 60' "$socket" & until [ -S "$socket" ]; do sleep 0.05; done; sleep 0.2
        }
        echo 'version: 1' > /run/config.yaml
        """;

    [Fact]
    public async Task A_user_cannot_hold_the_lock_of_a_run()
    {
        (int status, string output, string error) = await MountNamespace.RunProgramAsync(
            $$"""
            echo 'version: 1' > /run/config.yaml
            mkdir -m 755 /run/ovs-offload; touch /run/ovs-offload/lock
            ovs-offload --config /run/config.yaml apply --yes > /dev/null || exit
            stat -c %a /run/ovs-offload
            {{MountNamespace.AsNobody}} flock -n /run/ovs-offload/lock true 2> /dev/null && echo locked || echo kept out
            """);

        Assert.True(status == 0, error);
        Assert.Equal("700\nkept out\n", output);
    }

    [Fact]
    public async Task Files_of_a_run_in_a_directory_of_another_user_are_not_used()
    {
        (int status, string _, string error) = await MountNamespace.RunProgramAsync(
            """
            echo 'version: 1' > /run/config.yaml
            mkdir /run/ovs-offload; chown 65534 /run/ovs-offload
            ovs-offload --config /run/config.yaml apply --yes
            """);

        Assert.Equal(1, status);
        Assert.Contains("/run/ovs-offload: belongs to user 65534", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("db.sock", "status")]
    [InlineData("ovs-vswitchd.77.ctl", "flows summary")]
    public async Task A_socket_that_another_user_listens_on_is_not_talked_to(string socket, string command)
    {
        (int _, string output, string error) = await MountNamespace.RunProgramAsync(
            $"""
            {Listen}
            mkdir -m 1777 /run/openvswitch; echo 77 > /run/openvswitch/ovs-vswitchd.pid
            listen /run/openvswitch/{socket} {MountNamespace.AsNobody}
            ovs-offload --config /run/config.yaml {command}
            """);

        Assert.Contains("user 65534 listens there", output + error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_user_of_Open_vSwitch_s_own_directory_is_talked_to_and_its_links_are_not_followed()
    {
        (int _, string output, string error) = await MountNamespace.RunProgramAsync(
            $"""
            {Listen}
            mkdir /run/openvswitch; chown 65534 /run/openvswitch; echo 77 > /run/openvswitch/ovs-vswitchd.pid
            listen /run/openvswitch/ovs-vswitchd.77.ctl {MountNamespace.AsNobody}
            listen /run/secret.sock
            {MountNamespace.AsNobody} ln -s /run/secret.sock /run/openvswitch/db.sock
            timeout 3 ovs-offload --config /run/config.yaml flows summary; ovs-offload --config /run/config.yaml status
            """);

        Assert.DoesNotContain("listens there", output + error, StringComparison.Ordinal);
        Assert.Contains(
            "symbolic link that users other than root can change", output + error, StringComparison.Ordinal);
    }

    /// <summary>The log's directory belongs to the user of Open vSwitch.</summary>
    [Fact]
    public async Task A_link_in_place_of_a_log_brings_no_file_of_root_s_into_a_bundle()
    {
        (int status, string output, string error) = await MountNamespace.RunProgramAsync(
            $"""
            mount -t tmpfs tmpfs /var; mkdir -p /var/log/openvswitch; chown 65534 /var/log/openvswitch
            echo "2026-11-30T20:00:00.000Z|00001|dpif|WARN|the words of root alone" > /run/secret
            chmod 600 /run/secret
            {MountNamespace.AsNobody} ln -s /run/secret /var/log/openvswitch/ovs-vswitchd.log
            ovs-offload support-bundle --unmasked --output /run/bundle.tar.gz > /dev/null || exit
            tar -xOzf /run/bundle.tar.gz | grep -c "the words of root alone"
            tar -xOzf /run/bundle.tar.gz | grep -o "ovs-vswitchd.log is a symbolic link" | head -1
            """);

        Assert.True(status == 0, error);
        Assert.Equal("0\novs-vswitchd.log is a symbolic link\n", output);
    }

    /// <summary>What is waited for: daemons that do not answer, and files that are pipes.</summary>
    [Theory]
    [InlineData("status")]
    [InlineData("verify")]
    [InlineData("plan")]
    [InlineData("apply --yes")]
    [InlineData("apply --stage post --yes")]
    [InlineData("flows summary")]
    [InlineData("support-bundle --output /run/bundle")]
    [InlineData("run")]
    public async Task Whatever_waits_ends_within_two_seconds_of_SIGTERM(string command)
    {
        (int status, string output, string error) = await MountNamespace.RunProgramAsync(
            $$"""
            {{Listen}}
            printf 'version: 1\nopenvswitch: { hw-offload: true }\n' > /run/config.yaml
            mount -t tmpfs tmpfs /var; mkdir -p /var/log/openvswitch; mkfifo /var/log/openvswitch/ovs-vswitchd.log
            mkdir /run/openvswitch; echo 77 > /run/openvswitch/ovs-vswitchd.pid
            listen /run/openvswitch/db.sock; listen /run/openvswitch/ovs-vswitchd.77.ctl
            ovs-offload --config /run/config.yaml {{command}} > /dev/null 2>&1 & program=$!
            sleep 1.5; kill -TERM $program || exit 9
            begun=$(date +%s%N); wait $program; echo $? >&2; echo $((($(date +%s%N) - begun) / 1000000))
            exit 0
            """);

        Assert.True(status == 0, $"{status}: {error}");
        Assert.True(int.Parse(output, CultureInfo.InvariantCulture) < 2000, $"{output} ms; {error}");
    }
}
