using System.Collections.Immutable;
using OvsOffload.Os;

namespace OvsOffload.Bundles;

/// <summary>What is in a bundle, for people.</summary>
internal static class BundleContents
{
    /// <summary>So many entries of one directory, unreadable for one reason, are named each.</summary>
    private const int MaxSimilar = 3;

    /// <summary>
    /// What should have been readable and was not: the thing, a colon, the words with the errno's name.
    /// </summary>
    public static ImmutableArray<string> Unreadable(Recording recording) =>
    [
        .. recording.Files.Where(file => file.Outcome == ReadingOutcome.Failed)
            .GroupBy(file => (Directory: Path.GetDirectoryName(file.Path), file.Why))
            .SelectMany(alike => alike.Count() > MaxSimilar
                ? [$"{alike.Key.Directory}: {alike.Count()} entries: {alike.Key.Why}"]
                : alike.Select(file => $"{file.Path}: {file.Why}")),
        .. recording.Netlink.Where(exchange => exchange.IsOmitted || exchange.Failure != Errno.None).Select(exchange =>
            $"{exchange.Operation} {exchange.ObjectName}".TrimEnd()
                + $": {(exchange.IsOmitted ? "too long" : exchange.Failure.ToString())}"),
        .. recording.Switch.Where(answer => answer.Answer is null).Select(answer =>
            $"{answer.Command}: {answer.Refusal ?? answer.Failure}"),
    ];

    /// <summary>What each file of a bundle holds.</summary>
    public static string Describe(string name, Recording recording) => name switch
    {
        BundleFormat.Manifest => "version, host and time of the bundle, and what was unreadable",
        BundleFormat.Files => $"{recording.Files.Length} files, links and directories: {Directories(recording)}",
        BundleFormat.Netlink =>
            $"{recording.Netlink.Length} netlink replies (links, addresses, routes, tc, devlink, ethtool)",
        BundleFormat.Switch =>
            $"{recording.Switch.Length} Open vSwitch replies (database rows, ovs-vswitchd)",
        _ => name[BundleFormat.Contents.Length..],
    };

    private static string Directories(Recording recording) => string.Join(", ", recording.Files
        .GroupBy(file => file.Path.Split('/') is [_, var tree, ..] ? "/" + tree : file.Path)
        .OrderByDescending(tree => tree.Count())
        .Select(tree => $"{tree.Key} {tree.Count()}"));
}
