using System.Diagnostics;

namespace OvsOffload.LiveTests;

/// <summary>Debian's Open vSwitch of one suite, unpacked by <c>ovs-trees</c>; its programs run by the tree's own
/// loader.</summary>
internal sealed class OvsTree
{
    private readonly string _root;

    private OvsTree(string root) => _root = root;

    /// <summary>The tree of a suite; skips the test, saying why, where it cannot be had.</summary>
    public static async Task<OvsTree> OfAsync(string suite, CancellationToken cancellationToken)
    {
        string script = Path.Combine(AppContext.BaseDirectory, "ovs-trees");
        (int status, string? output, string? error) = await RunAsync(
            new ProcessStartInfo("bash", [script, suite]), cancellationToken);
        Assert.SkipUnless(status == 0, $"no Open vSwitch of {suite}: {error.Trim()}");
        return new OvsTree(output.Trim().Split(' ', 2)[1]);
    }

    /// <summary>How to start a program of the tree, with its run directory.</summary>
    /// <param name="program">Path in the tree.</param>
    /// <param name="runDirectory">Where it keeps sockets, pid files, logs and the database.</param>
    /// <param name="arguments">Of the program.</param>
    public ProcessStartInfo Program(string program, string runDirectory, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(
            // Since trixie /lib64 is a link that comes with base-files, which is not unpacked.
            ((string[])[In("lib64/ld-linux-x86-64.so.2"), In("usr/lib64/ld-linux-x86-64.so.2")]).First(File.Exists),
            [
                "--library-path", $"{In("lib/x86_64-linux-gnu")}:{In("usr/lib/x86_64-linux-gnu")}",
                "--argv0", Path.GetFileName(program), In(program), .. arguments,
            ]);
        foreach (string variable in (string[])["OVS_RUNDIR", "OVS_LOGDIR", "OVS_DBDIR", "OVS_SYSCONFDIR"])
        {
            start.Environment[variable] = runDirectory;
        }

        start.Environment["OVS_PKGDATADIR"] = In("usr/share/openvswitch");
        return start;
    }

    public string In(string path) => Path.Combine(_root, path);

    public static async Task<(int Status, string Output, string Error)> RunAsync(
        ProcessStartInfo start, CancellationToken cancellationToken)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
