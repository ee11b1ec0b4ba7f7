using System.Collections.Immutable;
using OvsOffload.Flows;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Os;
using OvsOffload.Verifying;

namespace OvsOffload.Tests.Verifying;

/// <summary>
/// Runs checks on a host, with flows that are offloaded and a journal without failure unless others are given.
/// </summary>
internal static class Examined
{
    /// <summary>Runs all checks.</summary>
    public static VerifyReport Of(
        HostState host,
        HostIntent? intent = null,
        FlowCounts? flows = null,
        ImmutableArray<JournalLine>? journal = null,
        FlowReason? reason = null,
        long conntrack = 0,
        long lengthChecks = 0) =>
        VerifyReport.Of(Input(host, intent, flows, journal, reason, conntrack, lengthChecks), Checks.All);

    /// <summary>What one check says.</summary>
    public static Finding[] One(
        string id, HostState host, HostIntent? intent = null, FlowCounts? flows = null,
        ImmutableArray<JournalLine>? journal = null, FlowReason? reason = null, long conntrack = 0,
        long lengthChecks = 0) =>
        [.. Checks.Find(id)!.Examine(Input(host, intent, flows, journal, reason, conntrack, lengthChecks))];

    /// <summary>What the checks look at.</summary>
    public static Observation Input(
        HostState host,
        HostIntent? intent = null,
        FlowCounts? flows = null,
        ImmutableArray<JournalLine>? journal = null,
        FlowReason? reason = null,
        long conntrack = 0,
        long lengthChecks = 0) =>
        new(intent ?? HostIntent.Observe, host)
        {
            OpenFlow = Reading.Known<ImmutableArray<ConntrackRules>>(
                [new ConntrackRules(SampleHost.Bridge, 0, [], []) { LengthChecks = lengthChecks }]),
            Flows = Flows(flows ?? new FlowCounts(10, 0, 0, 2, 0), reason, conntrack),
            Journal = Reading.Known(journal ?? []),
        };

    /// <summary>The flows of one datapath.</summary>
    public static Reading<ImmutableArray<DatapathFlows>> Flows(
        FlowCounts counts, FlowReason? reason = null, long conntrack = 0) =>
        Reading.Known<ImmutableArray<DatapathFlows>>(
        [
            new DatapathFlows("system@ovs-system", counts, new Dictionary<string, FlowCounts>(), false)
            {
                Reasons = [new ReasonCount(reason ?? FlowReason.FromInternalPort, ReasonSource.Inferred, 2)],
                Conntrack = new ConntrackFlows(conntrack, conntrack > 0 ? [SampleHost.RepresentorName(0)] : []),
            },
        ]);

    /// <summary>For the message of a failed assertion.</summary>
    public static string Describe(VerifyReport report) => string.Join('\n', report.Findings
        .Where(finding => finding.IsFound)
        .Select(finding => $"{finding.Check.Id} {finding.Status} {finding.Object}: {finding.Title} "
            + $"({finding.Evidence})"));
}
