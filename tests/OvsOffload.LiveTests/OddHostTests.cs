namespace OvsOffload.LiveTests;

/// <summary>The command where files are not what they mostly are, or belong to somebody else.</summary>
public sealed class OddHostTests
{
    /// <summary>A volume of a ConfigMap as kubelet makes it: mode 0777, all links.</summary>
    private const string ConfigMap =
        """
        mkdir /run/volume; mount -t tmpfs -o mode=777 tmpfs /run/volume
        mkdir /run/volume/..2026_11_30; echo 'version: 1' > /run/volume/..2026_11_30/config.yaml
        ln -s ..2026_11_30 /run/volume/..data; ln -s ..data/config.yaml /run/volume/config.yaml
        """;

    [Theory]
    [InlineData("status")]
    [InlineData("verify")]
    [InlineData("inventory")]
    [InlineData("plan")]
    [InlineData("apply --yes")]
    [InlineData("revert --yes")]
    [InlineData("flows summary")]
    [InlineData("bond profiles")]
    [InlineData("support-bundle --output /tmp/ovs-offload-odd/bundle")]
    public async Task Another_user_gets_an_answer_and_no_crash(string command)
    {
        (int status, string? output, string? error) = await MountNamespace.RunAsync(
            MountNamespace.BringProgram + "\nmount -t tmpfs tmpfs /tmp; mkdir -m 777 /tmp/ovs-offload-odd"
                + "\necho 'version: 1' > /run/config.yaml",
            [
                "setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups",
                "/mnt/program/ovs-offload", "--config", "/run/config.yaml", .. command.Split(' '),
            ]);

        AssertAnswered(status, output, error);
    }

    /// <summary>The program's text is plain or coloured, the terminal narrow, unknown, or without a size.</summary>
    [Theory]
    [InlineData("xterm-256color", 80, "verify")]
    [InlineData("xterm", 20, "verify -v")]
    [InlineData("dumb", 20, "status")]
    [InlineData("", 0, "status")]
    [InlineData("no-such-terminal", 1, "inventory")]
    [InlineData("xterm", 0, "plan")]
    [InlineData("xterm", 1, "apply")]
    [InlineData("xterm", 80, "revert")]
    [InlineData("xterm", 20, "flows why")]
    [InlineData("xterm", 20, "top --interval 1s")]
    [InlineData("dumb", 0, "top --interval 1s")]
    [InlineData("xterm", 80, "--help")]
    [InlineData("xterm", 5, "verify --help")]
    public async Task On_any_terminal_a_command_answers_and_leaves_it_as_it_was(
        string terminal, int columns, string command)
    {
        string inside = $"stty cols {columns} rows {columns}; export TERM='{terminal}'; before=$(stty -g); "
            + "timeout --foreground --preserve-status --signal=INT 4 "
            + $"/mnt/program/ovs-offload --config /run/config.yaml {command}; status=$?; "
            + "[ \"$(stty -g)\" = \"$before\" ] || { stty -g; exit 99; }; exit $status";

        (int status, string? output, string? error) = await MountNamespace.RunAsync(
            MountNamespace.BringProgram + "\necho 'version: 1' > /run/config.yaml",
            ["script", "--quiet", "--return", "--command", inside, "/dev/null"]);

        AssertAnswered(status, output, output + error);
        Assert.NotEqual("", output.Trim());
    }

    [Theory]
    [InlineData("status")]
    [InlineData("verify")]
    [InlineData("plan")]
    [InlineData("apply --yes")]
    [InlineData("revert --yes")]
    public async Task Empty_system_directories_do_not_crash_a_command(string command)
    {
        (int status, string? output, string? error) = await MountNamespace.RunAsync(
            MountNamespace.BringProgram + "\nfor d in /etc /var; do mount -t tmpfs -o mode=755 tmpfs $d; done"
                + "\necho 'version: 1' > /run/config.yaml",
            ["/mnt/program/ovs-offload", "--config", "/run/config.yaml", .. command.Split(' ')]);

        AssertAnswered(status, output, error);
    }

    [Theory]
    [InlineData("mkfifo /run/x", "is a FIFO")]
    [InlineData("mknod /run/x c 1 5", "is a character device")]
    [InlineData("mkdir /run/x", "EISDIR")]
    [InlineData("ln -s nowhere /run/x", "no such file")]
    [InlineData("ln -s x /run/x", "ELOOP")]
    [InlineData("truncate -s 10G /run/x", "longer than 1048576 bytes")]
    [InlineData("mkdir -m 1777 /run/open; ln -s /etc/shadow /run/open/x; ln -s open/x /run/x", "symbolic link")]
    [InlineData("ln -s /dev/stdin /run/x", "is pipe:[")]
    [InlineData("printf 'version: \\xff' > /run/x", "UTF-8")]
    public async Task A_configuration_that_is_not_a_file_is_an_error(string make, string words)
    {
        (int status, string _, string? error) = await MountNamespace.RunAsync(
            $"{MountNamespace.BringProgram}\n{make}", "/mnt/program/ovs-offload", "--config", "/run/x", "plan");

        Assert.True(status == 2, $"{status}: {error}");
        Assert.Contains(words, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mounted_ConfigMap_is_read_and_one_that_others_can_write_to_is_not()
    {
        string[] plan = ["/mnt/program/ovs-offload", "--config", "/run/volume/config.yaml", "plan"];

        (int status, string? output, string? error) = await MountNamespace.RunAsync(
            $"{MountNamespace.BringProgram}\n{ConfigMap}\nmount -o remount,ro /run/volume", plan);
        Assert.True(status == 0, error + output);

        (status, _, error) = await MountNamespace.RunAsync($"{MountNamespace.BringProgram}\n{ConfigMap}", plan);
        Assert.Equal(2, status);
        Assert.Contains("symbolic link that users other than root can change", error, StringComparison.Ordinal);
    }

    /// <summary>What the program writes to as well as what it reads.</summary>
    [Theory]
    [InlineData("/run/ovs-offload/journal", "/run/ovs-offload/holder", "/run/ovs-offload/lock")]
    [InlineData("/run/ovs-offload/changes.json", "/var/lib/ovs-offload/changes.json")]
    [InlineData("/run/openvswitch/ovs-vswitchd.pid", "/etc/os-release")]
    public async Task A_fifo_in_place_of_a_file_blocks_no_command(params string[] paths)
    {
        string make = MountNamespace.BringProgram
            + "\nmount -t tmpfs tmpfs /var\necho 'version: 1' > /run/config.yaml\nmount -t tmpfs tmpfs /etc\n"
            + string.Join('\n', paths.Select(path => $"mkdir -p {Path.GetDirectoryName(path)}; mkfifo {path}"));
        foreach (string command in (string[])["status", "plan", "apply --yes", "revert --yes"])
        {
            (int status, string? output, string? error) = await MountNamespace.RunAsync(
                make, ["/mnt/program/ovs-offload", "--config", "/run/config.yaml", .. command.Split(' ')]);

            AssertAnswered(status, output, error);
        }
    }

    /// <summary>Exit statuses of the contract; 124 is that of <c>timeout</c>, 134 that of a crash.</summary>
    private static void AssertAnswered(int status, string output, string error)
    {
        Assert.True(status is >= 0 and <= 7, $"exit status {status}\n{error}\n{output}");
        Assert.DoesNotContain("Unhandled exception", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at OvsOffload", error, StringComparison.Ordinal);
    }
}
