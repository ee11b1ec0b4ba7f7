using System.Collections.Immutable;
using OvsOffload.Flows;
using OvsOffload.Host;
using OvsOffload.Intent;

namespace OvsOffload.Tests.Verifying;

/// <summary>A host with one fault, and the words that the finding has to show.</summary>
internal sealed record FaultyHost(HostState Host, string Evidence, string Fix)
{
    public HostIntent Intent { get; init; } = SampleIntent.Switchdev(2, RepresentorPorts.All);

    public FlowCounts? Flows { get; init; }

    public ImmutableArray<JournalLine>? Journal { get; init; }

    /// <summary>Why some of the flows are not offloaded.</summary>
    public FlowReason? Reason { get; init; }

    /// <summary>Flows of the datapath with conntrack.</summary>
    public long Conntrack { get; init; }

    /// <summary>OpenFlow rules that check the length of packets.</summary>
    public long LengthChecks { get; init; }
}

/// <summary>One for each check, on which that check and no other finds a fault.</summary>
internal static class FaultyHosts
{
    public static IReadOnlyDictionary<string, FaultyHost> ByCheck { get; } = FaultyBonds.ByCheck
        .Concat(FaultyNics.ByCheck).Concat(FaultySwitches.ByCheck).Concat(FaultyPlatforms.ByCheck).ToDictionary();
}
