using System.Diagnostics;

namespace OvsOffload.LiveTests;

/// <summary>Runs a program in a mount namespace of its own, with what is mounted there before.</summary>
internal static class MountNamespace
{
    /// <summary>Longer than any command takes that does not hang.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Mounts the program where any user finds it, as /mnt/program/ovs-offload, and an empty /run.</summary>
    public static string BringProgram =>
        $"""
        mount -t tmpfs -o mode=755 tmpfs /mnt; mkdir /mnt/program
        mount --bind "{Path.GetDirectoryName(ProgramUnderTest.Binary())}" /mnt/program
        mount -t tmpfs -o mode=755 tmpfs /run
        """;

    /// <summary>Another user, of no groups.</summary>
    public const string AsNobody = "setpriv --reuid 65534 --regid 65534 --clear-groups";

    /// <summary>Runs a script of bash with what <see cref="BringProgram"/> mounts. What it left in the background ends
    /// with it: a pipe is at its end only when nobody has it open any more.</summary>
    public static Task<(int Status, string Output, string Error)> RunProgramAsync(string script) => RunAsync(
        BringProgram, "bash", "-c", "trap 'kill $(jobs -p) 2> /dev/null' EXIT\nPATH=/mnt/program:$PATH\n" + script);

    /// <summary>Runs it; skips the test where nothing can be mounted.</summary>
    /// <param name="prepare">What bash runs before, in the namespace. Its functions and variables are gone
    /// afterwards.</param>
    /// <param name="command">The program and its arguments.</param>
    public static async Task<(int Status, string Output, string Error)> RunAsync(
        string prepare, params IEnumerable<string> command)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root, to mount");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        var start = new ProcessStartInfo(
            "timeout",
            [
                "--kill-after=1", $"{Limit.TotalSeconds - 20}",
                "unshare", "-m", "--propagation", "private",
                "bash", "-c", $"set -e\n{prepare}\nexec \"$@\"", "bash", .. command,
            ]);

        // So that no program of a test waits for somebody to type.
        start.RedirectStandardInput = true;
        return await OvsTree.RunAsync(start, limit.Token);
    }
}
