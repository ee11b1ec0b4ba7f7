namespace OvsOffload.Flows;

/// <summary>
/// The log modules of ovs-vswitchd that say why a flow was refused: 3.7 renamed <c>netdev_offload_tc</c> to
/// <c>dpif_offload_tc_netdev</c> and moved "failed to offload flow" from <c>dpif_netlink</c> to <c>dpif_offload_tc</c>;
/// a daemon refuses a name that it does not know.
/// </summary>
internal static class OffloadLog
{
    private const string Old = "netdev_offload_tc:file:dbg dpif_netlink:file:dbg";

    private const string New = "dpif_offload:file:dbg dpif_offload_tc:file:dbg dpif_offload_tc_netdev:file:dbg";

    /// <summary>The first version with the new names.</summary>
    private static readonly Version Renamed = new(3, 7);

    /// <summary>The command that makes a daemon say why flows are refused.</summary>
    /// <param name="version">Its version; null where it is not known: then there are two commands.</param>
    public static string Command(Version? version) => version is null
        ? $"ovs-appctl vlog/set {Old} (from Open vSwitch 3.7 on: {New}; vlog/list shows the names)"
        : $"ovs-appctl vlog/set {(version < Renamed ? Old : New)}";

    /// <summary>How to find out why a flow was refused.</summary>
    /// <param name="version">The daemon's version; null where it is not known.</param>
    public static string Advice(Version? version) =>
        $"{Command(version)}, then ovs-appctl revalidator/purge and the log";

    /// <summary>The number at the beginning of a version: <c>3.7.1</c> of <c>3.7.1-1.fc43</c>; null without.</summary>
    public static Version? VersionOf(string? text) =>
        Version.TryParse(text?.Split('-', '~', '+', ' ')[0], out Version? version) ? version : null;
}
