using System.Collections.Immutable;
using OvsOffload.Netlink;
using OvsOffload.Os;

namespace OvsOffload.Host;

/// <summary>Reads the routes of each device, and the policy rules.</summary>
internal static class RoutingSource
{
    /// <summary>Asks the kernel.</summary>
    public static async Task<RoutingState> ReadAsync(RouteSession route, CancellationToken cancellation)
    {
        ImmutableDictionary<int, LinkIPState> links = await route.IPStates.AllAsync(cancellation);
        try
        {
            IReadOnlyList<PolicyRule> rules = await route.Routes.RulesAsync(cancellation);
            return new RoutingState(links, [.. rules.Where(rule => rule.Input is not null || rule.Output is not null)]);
        }
        catch (NetlinkException refused) when (refused.Errno == Errno.EOPNOTSUPP)
        {
            // CONFIG_IP_MULTIPLE_TABLES is not set: there are no rules.
            return new RoutingState(links, []);
        }
    }
}
