using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent.Configuration;

namespace OvsOffload.Verifying;

/// <summary>The checks there are.</summary>
internal static partial class Checks
{
    /// <summary>What is longer was not mistyped.</summary>
    private const int LongestWord = 64;

    /// <summary>Every check, in order of its id.</summary>
    public static ImmutableArray<Check> All { get; } =
        [.. OfFiles().OrderBy(check => check.Info.Id, StringComparer.Ordinal)];

    /// <summary>What some checks look at beside the host itself.</summary>
    public static ObservationParts Needs(IEnumerable<Check> checks) =>
        checks.Aggregate(ObservationParts.HostOnly, (parts, check) => parts | check.Needs);

    /// <summary>Finds a check by its id or slug, in any case of letters.</summary>
    public static Check? Find(string word) => All.FirstOrDefault(check =>
        string.Equals(check.Info.Id, word, StringComparison.OrdinalIgnoreCase)
        || string.Equals(check.Info.Slug, word, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// The check whose id or slug is the fewest typing mistakes away; null for a word too long to be one.
    /// </summary>
    public static Check? Nearest(string word) => word.Length > LongestWord
        ? null
        : All.MinBy(check => Math.Min(Distance(word, check.Info.Id), Distance(word, check.Info.Slug)));

    /// <summary>One of each file in the rooms below this one that is named after an id; the build writes it.</summary>
    private static partial IEnumerable<Check> OfFiles();

    private static int Distance(string word, string known) =>
        Suggestion.Distance(word.ToLowerInvariant(), known.ToLowerInvariant());
}
