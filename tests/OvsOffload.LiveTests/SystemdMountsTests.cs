using System.Text.Json;

namespace OvsOffload.LiveTests;

/// <summary>
/// The command on this machine with everything mounted that systemd mounts (src/shared/mount-setup.c, units/sys-*.mount
/// and dev-*.mount), in a mount namespace of its own.
/// </summary>
public sealed class SystemdMountsTests : IDisposable
{
    /// <summary>What this kernel lacks is passed over.</summary>
    private const string MountAll =
        """
        mount_if_known() { # TYPE DIRECTORY
            grep -qw "$1" /proc/filesystems || return 0
            [ -d "$2" ] || mkdir "$2" 2>/dev/null || return 0
            mount -t "$1" "$1" "$2" 2>/dev/null || findmnt -n -t "$1" "$2" >/dev/null
        }
        mount -t tmpfs tmpfs /run
        mount_if_known securityfs /sys/kernel/security
        mount_if_known debugfs /sys/kernel/debug
        mount_if_known tracefs /sys/kernel/tracing
        mount_if_known bpf /sys/fs/bpf
        mount_if_known cgroup2 /sys/fs/cgroup
        mount_if_known configfs /sys/kernel/config
        mount_if_known fusectl /sys/fs/fuse/connections
        mount_if_known pstore /sys/fs/pstore
        mount_if_known efivarfs /sys/firmware/efi/efivars
        mount_if_known mqueue /dev/mqueue
        mount_if_known hugetlbfs /dev/hugepages
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ovs-offload-mounts-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("status", 0, 3, 6)]
    [InlineData("verify", 0, 3, 5, 6)]
    [InlineData("inventory", 0, 6)]
    [InlineData("plan", 0)]
    public async Task Every_command_completes(string command, params int[] expected)
    {
        string config = Path.Combine(_folder.FullName, "config.yaml");
        await File.WriteAllTextAsync(config, "version: 1\n", Token);

        (int status, string? output, string? error) = await MountNamespace.RunAsync(
            MountAll, ProgramUnderTest.Binary(), "--config", config, command, "--json");

        Assert.True(expected.Contains(status), $"{command} ended with {status}\n{error}\n{output}");
        Assert.DoesNotContain("Unhandled exception", error, StringComparison.Ordinal);
        Assert.Equal(1, JsonElement.Parse(output).GetProperty("schema").GetInt32());
    }

    /// <summary>Files of securityfs cannot seek.</summary>
    [Fact]
    public async Task Lockdown_is_read_from_securityfs()
    {
        (int there, string? lockdown, string _) = await MountNamespace.RunAsync(
            MountAll, "cat", "/sys/kernel/security/lockdown");
        Assert.SkipUnless(there == 0, "this kernel has no lockdown");
        string bundle = Path.Combine(_folder.FullName, "bundle.tar.gz");

        (int status, string _, string? error) = await MountNamespace.RunAsync(
            MountAll, ProgramUnderTest.Binary(), "support-bundle", "--output", bundle);

        Assert.True(status == 0, error);
        (int _, string? recorded, string _) = await MountNamespace.RunAsync("", "tar", "-xOzf", bundle, "files.jsonl");
        string line = Assert.Single(
            recorded.Split('\n'), line => line.Contains("/sys/kernel/security/lockdown", StringComparison.Ordinal));
        Assert.Contains(lockdown.Trim(), line, StringComparison.Ordinal);
    }
}
