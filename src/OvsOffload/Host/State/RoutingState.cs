using System.Collections.Immutable;
using OvsOffload.Netlink;

namespace OvsOffload.Host;

/// <summary>The routes of each device, with nexthop objects and addresses, and the policy rules.</summary>
/// <param name="Links">What somebody put on each device, by the interface index.</param>
/// <param name="Rules">Those of the rules that name a device.</param>
internal sealed record RoutingState(
    ImmutableDictionary<int, LinkIPState> Links, ImmutableArray<PolicyRule> Rules)
{
    /// <summary>No routes.</summary>
    public static RoutingState None { get; } = new(ImmutableDictionary<int, LinkIPState>.Empty, []);

    /// <summary>What is on a device.</summary>
    public LinkIPState Of(NetDevice? device) =>
        device is null ? LinkIPState.None : Links.GetValueOrDefault(device.Index, LinkIPState.None);
}
