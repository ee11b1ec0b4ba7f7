using System.Collections.Immutable;

namespace OvsOffload.Metrics;

/// <summary>
/// Collector <c>securitygroups</c>: what is wanted of security groups, and whether they are off.
/// </summary>
internal static class SecurityGroupsCollector
{
    private static readonly MetricFamily Disabled = MetricFamily.Gauge(
        "security_groups_disabled",
        "Whether this program has security groups switched off; absent while it is not known");

    private static readonly MetricFamily Info = MetricFamily.Gauge(
        "security_groups_info",
        "The policy of the configuration, why it comes out as it does, and by which backend it is carried out; "
            + "always 1",
        "policy", "reason", "backend");

    /// <summary>Its name and families.</summary>
    public static CollectorDeclaration Declaration { get; } = new("securitygroups", [Disabled, Info]);

    /// <summary>The samples; none where the configuration says nothing.</summary>
    public static IEnumerable<Sample> Samples(SecurityGroupFacts facts)
    {
        if (facts.Disabled is { } disabled)
        {
            yield return Disabled.Of(disabled);
        }

        if (facts.Policy is not { } policy)
        {
            yield break;
        }

        // Without a backend nothing is changed, which a label without a value says.
        foreach (string backend in facts.Backends.IsEmpty ? [""] : facts.Backends)
        {
            yield return Info.Of(1, policy, facts.Reason ?? "", backend);
        }
    }
}

/// <summary>What is known of security groups.</summary>
/// <param name="Policy">The policy's word; null without a configuration.</param>
/// <param name="Backends">Names of the backends that carry it out.</param>
/// <param name="Reason">Why the policy comes out as it does; null where that is not known.</param>
/// <param name="Disabled">Whether they are off; null where that is not known.</param>
internal sealed record SecurityGroupFacts(
    string? Policy, ImmutableArray<string> Backends, string? Reason, bool? Disabled);
