using System.Collections.Immutable;
using OvsOffload.Intent.Configuration;

namespace OvsOffload.Verifying;

/// <summary>The checks there are.</summary>
internal static class Checks
{
    /// <summary>What is longer was not mistyped.</summary>
    private const int LongestWord = 64;

    /// <summary>Every check, in order of its id.</summary>
    public static ImmutableArray<Check> All { get; } =
    [
        new N01NicCannotSwitchdev(),
        new N02EswitchLegacy(),
        new N04PortInfiniband(),
        new N06EswitchBusy(),
        new N07RepresentorsMissing(),
        new N10HwTcOffloadOff(),
        new N11RepresentorDown(),
        new N12RepresentorNotInBridge(),
        new N22InlineModeNotTransport(),
        new O01HwOffloadOff(),
        new O02HwOffloadWithoutEffect(),
        new O03TcPolicySkipHw(),
        new O05NoOffloadedFlows(),
        new O27DatapathNetdev(),
        new P01IommuOff(),
        new P06SriovMissing(),
        new P07VfsAboveLimit(),
        new P09KernelLacksTcOffload(),
        new P10KernelLacksCtOffload(),
    ];

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

    private static int Distance(string word, string known) =>
        NearestWord.Distance(word.ToLowerInvariant(), known.ToLowerInvariant());
}
