using System.Collections.Immutable;
using OvsOffload.Host;
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
        new B24LagUsesDeadPort(),
        new N01NicCannotSwitchdev(),
        new N02EswitchLegacy(),
        new N03ModesOfCardDiffer(),
        new N04PortInfiniband(),
        new N05DpuOwnsEswitch(),
        new N06EswitchBusy(),
        new N07RepresentorsMissing(),
        new N08RepresentorNameUnstable(),
        new N09NetworkManagerManages(),
        new N10HwTcOffloadOff(),
        new N11RepresentorDown(),
        new N12RepresentorNotInBridge(),
        new N13AutoprobeBeforeLag(),
        new N14VfBoundBeforeLag(),
        new N15VfCountChangeHeld(),
        new N16SpoofedPackets(),
        new N17VfNotTrusted(),
        new N18VfVlanInSwitchdev(),
        new N19VfAddressZeroOrTwice(),
        new N20MtuTooSmall(),
        new N21MsixVectorsShort(),
        new N22InlineModeNotTransport(),
        new N23EncapOffWithTunnels(),
        new N24SteeringSlow(),
        new N25PortMetadataOff(),
        new N26ModuleOptionMakesVfs(),
        new N27InterruptsOnOneCpu(),
        new N28InfinibandVfDump(),
        new N29ChainsUnsupported(),
        new N30IpsecHoldsEswitch(),
        new N31DevlinkHoldsEswitch(),
        new N32LibvirtHandsOutVfs(),
        new N33IfupdownNamesRepresentor(),
        new N34OtherProgramMakesVfs(),
        new N35TunedSwitchesOffloadOff(),
        new N36IrqbalanceMovesInterrupts(),
        new O01HwOffloadOff(),
        new O02HwOffloadWithoutEffect(),
        new O03TcPolicySkipHw(),
        new O04SkipSwWithConntrack(),
        new O05NoOffloadedFlows(),
        new O06FlowRefusedUnsupported(),
        new O07IngressQdiscMissing(),
        new O08RecircIdShared(),
        new O09IcmpUnderConntrack(),
        new O10CtStateNotOffloadable(),
        new O11PortsOfOtherNic(),
        new O12HairpinRefused(),
        new O13TooManyOutputs(),
        new O14VxlanPortUnregistered(),
        new O15TunnelAddressElsewhere(),
        new O16TunnelNeighbourUnresolved(),
        new O17VlanActionsRefused(),
        new O18GeneveOptionsRefused(),
        new O19MirrorBreaksConntrack(),
        new O20MetersRefused(),
        new O21SamplingInSoftware(),
        new O22HashMatched(),
        new O23FlowLimitReached(),
        new O24RevalidatorsOverloaded(),
        new O25HardwareTableFull(),
        new O26OpenvswitchTooOld(),
        new O27DatapathNetdev(),
        new O28SecurityGroupsInSoftware(),
        new O29FlowTableTimeoutShort(),
        new O30CtOffloadInitFailed(),
        new O31LeftoverFilters(),
        new O32OffloadRatioLow(),
        new O33Ipv6Fragments(),
        new O34CountsDisagree(),
        new O35FloodInSoftware(),
        new O36SecurityGroupsDrift(),
        new O37ShapingBypassed(),
        new O38OvsdbServerDown(),
        new O39VswitchdDown(),
        new O40ConfigurationNotTakenUp(),
        new O41PortsNotBonded(),
        new O42PortKeptInSoftware(),
        new O43PacketLengthChecked(),
        new O44FalseFlowMismatch(),
        new P01IommuOff(),
        new P02IommuNotPassthrough(),
        new P03MmioTooSmall(),
        new P04BusNumbersExhausted(),
        new P05EnableHcaTimeout(),
        new P06SriovMissing(),
        new P07VfsAboveLimit(),
        new P08FirmwareNotActive(),
        new P09KernelLacksTcOffload(),
        new P10KernelLacksCtOffload(),
        new P11TcModulesMissing(),
        new P12KernelTooOld(),
        new P13DpdkInitialised(),
        new P14DebugfsHidden(),
        new P15GuestOnOtherNode(),
        new P16PcieLinkDegraded(),
        new P17FlashRecovery(),
        new P18DeviceUnhealthy(),
        new P19FirmwareCommandErrors(),
        new P20FirmwareCommandTimeout(),
        new P21VfioTakesFunctions(),
        new P22MaxVfsArgument(),
        new P23BootArgumentsPending(),
        new P24DriverFlavour(),
        new P25VfCountsDiffer(),
    ];

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

    private static int Distance(string word, string known) =>
        Suggestion.Distance(word.ToLowerInvariant(), known.ToLowerInvariant());
}
