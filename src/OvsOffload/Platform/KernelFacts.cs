using System.Globalization;
using OvsOffload.Os;

namespace OvsOffload.Platform;

/// <summary>The running kernel: what it is, how it was booted, what is loaded into it. Immutable; read once.</summary>
internal sealed record KernelFacts
{
    public Reading<KernelRelease> Release { get; init; }

    public Reading<KernelCommandLine> CommandLine { get; init; }

    public Reading<KernelConfiguration> Configuration { get; init; }

    /// <summary><c>none</c>, <c>integrity</c> or <c>confidentiality</c>; the last hides debugfs even from root. Absent
    /// on a kernel without lockdown.</summary>
    public Reading<string> Lockdown { get; init; }

    /// <summary>Names of loaded modules, in the spelling with underscores. What is built in is not among
    /// them.</summary>
    public Reading<IReadOnlySet<string>> Modules { get; init; }

    /// <summary>Changes with every boot, and with nothing else.</summary>
    public Reading<string> BootId { get; init; }

    /// <summary>Since boot, suspended time included.</summary>
    public Reading<TimeSpan> Uptime { get; init; }

    public static KernelFacts Read(HostPaths paths)
    {
        string Proc(string name) => Path.Combine(paths.Proc, name);
        Reading<KernelRelease> release = paths.Files.Text(Proc("sys/kernel/osrelease")).Then(KernelRelease.Parse);
        return new KernelFacts
        {
            Release = release,
            CommandLine = paths.Files.Text(Proc("cmdline")).Map(KernelCommandLine.Parse),
            Configuration = release.Then(known => KernelConfiguration.Read(paths, known)),
            Lockdown = paths.Files.Text(Path.Combine(paths.Sys, "kernel/security/lockdown")).Then(Chosen),
            Modules = paths.Files.Text(Proc("modules")).Map<IReadOnlySet<string>>(text => text
                .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[0]).ToHashSet()),
            BootId = paths.Files.Text(Proc("sys/kernel/random/boot_id")),
            Uptime = paths.Files.Text(Proc("uptime")).Then(Seconds),
        };
    }

    /// <summary>The version that a loaded module says it has. The kernel's own mlx5_core has none; that of MLNX_OFED
    /// and DOCA-Host has one, such as <c>24.10-1.1.4</c>, and such a driver is not bound to the kernel's
    /// configuration.</summary>
    public static Reading<string> ModuleVersion(HostPaths paths, string module) =>
        paths.Files.Text(Path.Combine(paths.Sys, "module", module, "version"));

    /// <summary>The word in brackets of <c>none [integrity] confidentiality</c>.</summary>
    private static Reading<string> Chosen(string text)
    {
        (int start, int end) = (text.IndexOf('['), text.IndexOf(']'));
        return start >= 0 && end > start
            ? Reading.Known(text[(start + 1)..end])
            : Reading.Failed<string>($"'{text}' has no word in brackets");
    }

    private static Reading<TimeSpan> Seconds(string text) =>
        double.TryParse(
            text.Split(' ')[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds)
            && seconds < TimeSpan.MaxValue.TotalSeconds
            ? Reading.Known(TimeSpan.FromSeconds(seconds))
            : Reading.Failed<TimeSpan>($"'{text}' is not an uptime");
}
