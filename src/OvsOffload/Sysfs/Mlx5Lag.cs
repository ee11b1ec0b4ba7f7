using System.Collections.Immutable;
using OvsOffload.Os;

namespace OvsOffload.Sysfs;

/// <summary>
/// What mlx5_core tells of a PF's link aggregation in <c>/sys/kernel/debug/mlx5/PF/lag/</c>, as its
/// drivers/net/ethernet/mellanox/mlx5/core/lag/debugfs.c writes it (kernel 5.19 and later). While no LAG is active the
/// files but <c>state</c> and <c>members</c> answer EINVAL; they are absent then.
/// </summary>
internal sealed record Mlx5Lag
{
    /// <summary>What <c>type</c> says of a VF-LAG.</summary>
    public const string VfLagType = "switchdev";

    /// <summary>The directory.</summary>
    public required string Directory { get; init; }

    /// <summary>File <c>state</c>: <c>active</c> or <c>disabled</c>.</summary>
    public required bool IsActive { get; init; }

    /// <summary>
    /// File <c>type</c>: <c>roce</c>, <c>switchdev</c>, <c>multipath</c> or <c>multiport_eswitch</c>.
    /// </summary>
    public required Reading<string> Type { get; init; }

    /// <summary>File <c>port_sel_mode</c>: <c>queue_affinity</c>, <c>hash</c> or <c>mpesw</c>.</summary>
    public required Reading<string> PortSelection { get; init; }

    /// <summary>File <c>flags</c>, line <c>shared_fdb:on</c> or <c>off</c>: one table of rules for all ports.</summary>
    public required Reading<bool> SharedFdb { get; init; }

    /// <summary>File <c>flags</c>, line <c>fdb_selection_mode:</c> <c>native</c> or <c>affinity</c>.</summary>
    public required Reading<string> FdbSelection { get; init; }

    /// <summary>
    /// File <c>mapping</c>, a line each: <c>1:2</c> (virtual port 1 leaves by physical port 2) with queue affinity, the
    /// number of an active port with hash.
    /// </summary>
    public required Reading<ImmutableArray<string>> Mapping { get; init; }

    /// <summary>File <c>members</c>: the card's PFs, a PCI address a line, whether a LAG is active or not.</summary>
    public required Reading<ImmutableArray<PciAddress>> Members { get; init; }

    /// <summary>
    /// Reads that of a PF. Absent: the driver shows the PF in debugfs and no LAG with it, because the firmware offers
    /// none or the kernel is older. Failed: debugfs cannot be read.
    /// </summary>
    public static Reading<Mlx5Lag> Read(HostPaths paths, PciAddress pf)
    {
        string function = Path.Combine(paths.Debug, "mlx5", pf.ToString());
        string directory = Path.Combine(function, "lag");
        Reading<string> state = paths.Files.Text(Path.Combine(directory, "state"));
        if (state.IsAbsent && !paths.Files.Names(function).IsKnown)
        {
            return Reading.Failed<Mlx5Lag>(WhyNoDebugfs(paths, function));
        }

        return state.Then(word => word is "active" or "disabled"
            ? Reading.Known(Read(paths.Files, directory, word == "active"))
            : Reading.Failed<Mlx5Lag>($"{directory}/state: '{word}' is neither active nor disabled"));
    }

    private static Mlx5Lag Read(HostFiles files, string directory, bool active)
    {
        Reading<string> flags = WhileActive("flags");
        return new Mlx5Lag
        {
            Directory = directory,
            IsActive = active,
            Type = WhileActive("type"),
            PortSelection = WhileActive("port_sel_mode"),
            SharedFdb = Flag("shared_fdb").Map(word => word == "on"),
            FdbSelection = Flag("fdb_selection_mode"),
            Mapping = WhileActive("mapping").Map<ImmutableArray<string>>(text => [.. Lines(text)]),
            Members = files.Text(Path.Combine(directory, "members")).Then(text => Addresses(directory, text)),
        };

        Reading<string> WhileActive(string file) => active
            ? files.Text(Path.Combine(directory, file))
            : Reading.Absent<string>("no LAG is active");

        Reading<string> Flag(string name) => flags.Then(text =>
            Lines(text).FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.Ordinal)) is { } line
                ? Reading.Known(line[(name.Length + 1)..])
                : Reading.Absent<string>($"{directory}/flags: no line {name}"));
    }

    private static Reading<ImmutableArray<PciAddress>> Addresses(string directory, string text)
    {
        ImmutableArray<PciAddress>.Builder members = ImmutableArray.CreateBuilder<PciAddress>();
        foreach (string line in Lines(text))
        {
            if (!PciAddress.TryParse(line, out PciAddress address))
            {
                return Reading.Failed<ImmutableArray<PciAddress>>(
                    $"{directory}/members: '{line}' is not a PCI address");
            }

            members.Add(address);
        }

        return Reading.Known(members.ToImmutable());
    }

    private static string[] Lines(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>A mount point without a mount is an empty directory.</summary>
    private static string WhyNoDebugfs(HostPaths paths, string function)
    {
        Reading<IReadOnlyList<string>> all = paths.Files.Names(paths.Debug);
        return all.IsFailed ? all.Why
            : all.ValueOr([]).Count == 0
                ? $"debugfs is not mounted at {paths.Debug} (mount -t debugfs debugfs {paths.Debug})"
            : $"the driver shows no LAG for this PF: {paths.Files.Names(function).Why}";
    }
}
