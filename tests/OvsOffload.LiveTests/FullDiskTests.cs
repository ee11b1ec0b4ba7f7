using System.Text.RegularExpressions;

namespace OvsOffload.LiveTests;

/// <summary>Where /run and /var/lib are full or read-only, against a real Open vSwitch.</summary>
public sealed class FullDiskTests
{
    private const string Wanted = "printf 'version: 1\\nopenvswitch: { max-idle: 20s }\\n' "
        + "> /mnt/config.yaml; p='ovs-offload --config /mnt/config.yaml'";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Not a byte is free in a file system of two pages that a file fills.</summary>
    private const string Fill = "fill() { head -c 1M /dev/zero > $1/filler 2> /dev/null; }\n";

    [Theory]
    [InlineData("fill /run; fill /var")]
    [InlineData("mount -o remount,ro /var")]
    [InlineData("mount -o remount,ro /run; mount -o remount,ro /var")]
    public async Task revert_puts_back_what_it_cannot_strike_off_the_record(string spoil)
    {
        await using RealOpenVSwitch ovs = await RealOpenVSwitch.StartAsync(Suites.Trixie, Token);

        (int status, string output, string error) = await RunAsync(
            ovs,
            $"""
            $p apply --yes; echo "apply $?"
            {Fill}{spoil}
            $p revert --yes; echo "revert $?"
            """);

        Assert.True(status == 0, error);
        // 6 where this machine hides other users' connections.
        Assert.True(Regex.IsMatch(output, "apply [067]\n(?s:.*)revert [067]\n"), output + error);
        Assert.DoesNotContain("internal error", error, StringComparison.Ordinal);
        Assert.DoesNotContain("max-idle", await OtherConfigAsync(ovs), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fill /run; fill /var", "No space left on device")]
    [InlineData("mount -o remount,ro /var", "Read-only file system")]
    [InlineData("mount -o remount,ro /run", "Read-only file system")]
    public async Task A_step_that_cannot_be_recorded_does_not_run(string spoil, string words)
    {
        await using RealOpenVSwitch ovs = await RealOpenVSwitch.StartAsync(Suites.Trixie, Token);

        (int _, string output, string error) = await RunAsync(ovs, $"{Fill}{spoil}\n$p apply --yes; echo apply $?");

        Assert.Contains("apply 1", output, StringComparison.Ordinal);
        Assert.Contains(words, error, StringComparison.Ordinal);
        Assert.DoesNotContain("internal error", error, StringComparison.Ordinal);
        Assert.DoesNotContain("max-idle", await OtherConfigAsync(ovs), StringComparison.Ordinal);
    }

    private static async Task<string> OtherConfigAsync(RealOpenVSwitch ovs) =>
        (await ovs.VsctlAsync("get", "Open_vSwitch", ".", "other_config")).Trim();

    private static Task<(int Status, string Output, string Error)> RunAsync(RealOpenVSwitch ovs, string script) =>
        MountNamespace.RunAsync(
            MountNamespace.BringProgram
                + "\nmount -t tmpfs -o mode=755,size=32k tmpfs /run; mount -t tmpfs -o mode=755,size=32k tmpfs /var",
            "env", $"OVS_RUNDIR={ovs.RunDirectory}", "bash", "-c",
            $"PATH=/mnt/program:$PATH\n{Wanted}\n{script}");
}
