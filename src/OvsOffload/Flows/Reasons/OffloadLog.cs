using System.Collections.Immutable;

namespace OvsOffload.Flows;

/// <summary>
/// How a daemon is made to say why it refuses flows. 3.7 renamed <c>netdev_offload_tc</c> to
/// <c>dpif_offload_tc_netdev</c> and moved "failed to offload flow" from <c>dpif_netlink</c> to <c>dpif_offload_tc</c>;
/// a daemon refuses a name that it does not know, so its own list (<c>vlog/list</c>) goes before its version.
/// </summary>
/// <param name="Version">The daemon's version; null where it is not known.</param>
/// <param name="Modules">The modules that it has; null where it has not told them.</param>
internal sealed record OffloadLog(Version? Version, IReadOnlySet<string>? Modules)
{
    private static readonly ImmutableArray<string> Old = ["netdev_offload_tc", "dpif_netlink"];

    private static readonly ImmutableArray<string> New = ["dpif_offload", "dpif_offload_tc", "dpif_offload_tc_netdev"];

    /// <summary>The first version with the new names.</summary>
    private static readonly Version Renamed = new(3, 7);

    /// <summary>Nothing is known of the daemon.</summary>
    public static OffloadLog Unknown { get; } = new(null, null);

    /// <summary>The command by which the daemon tells why flows are refused; two where it is not known.</summary>
    public string Command => this switch
    {
        _ when Modules is not null && Own(Modules) is { Length: > 0 } own => Set(own),
        { Version: { } version } => Set(version < Renamed ? Old : New),
        _ => $"{Set(Old)} (from Open vSwitch 3.7 on: {Words(New)}; vlog/list shows the names)",
    };

    /// <summary>How to find out why a flow was refused.</summary>
    public string Advice => $"{Command}, then ovs-appctl revalidator/purge and the log";

    /// <summary>The number at the beginning of a version: <c>3.7.1</c> of <c>3.7.1-1.fc43</c>; null without.</summary>
    public static Version? VersionOf(string? text) =>
        Version.TryParse(text?.Split('-', '~', '+', ' ')[0], out Version? version) ? version : null;

    /// <summary>
    /// Those of the new names that it has, else of the old: <c>dpif_netlink</c> is there before and after.
    /// </summary>
    private static ImmutableArray<string> Own(IReadOnlySet<string> modules) =>
        [.. (New.Any(modules.Contains) ? New : Old).Where(modules.Contains)];

    private static string Set(ImmutableArray<string> modules) => $"ovs-appctl vlog/set {Words(modules)}";

    private static string Words(ImmutableArray<string> modules) =>
        string.Join(' ', modules.Select(module => $"{module}:file:dbg"));
}
