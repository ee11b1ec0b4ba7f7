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
        new B01BondModeNotOffloadable(),
        new B02BondOfTwoCards(),
        new B03BondWithStranger(),
        new B04BondLacksPort(),
        new B05NoLagInFirmware(),
        new B06VfLagInactive(),
        new B07RoceLag(),
        new B08LacpPartnerMissing(),
        new B09LacpAggregatorsDiffer(),
        new B10MemberSpeedsDiffer(),
        new B11HashUsesOnePort(),
        new B12HardwareHashDiffers(),
        new B13NoLinkMonitoring(),
        new B14OvsBondOfUplinks(),
        new B15MemberInBridge(),
        new B16AddressOnMember(),
        new B17DropRuleFailed(),
        new B18LagNotDeactivated(),
        new B19ReloadRefusedInLag(),
        new B20BondInNamespace(),
        new B21IceBondRejected(),
        new B22LongUpdelay(),
        new B23RulesInOnePort(),
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
