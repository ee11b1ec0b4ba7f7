using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Planning;

namespace OvsOffload.Metrics;

/// <summary>Collector <c>securitygroups</c>: whether security groups are to be off on this host, why, and who
/// differs.</summary>
internal static class SecurityGroupsCollector
{
    private static readonly MetricFamily Disabled = MetricFamily.Gauge(
        "security_groups_disabled",
        "Whether the policy disables security groups on this host; absent if unknown");

    private static readonly MetricFamily Info = MetricFamily.Gauge(
        "security_groups_info",
        "Policy, reason of its decision, and each backend; without a backend nothing is changed",
        "policy", "reason", "backend");

    private static readonly MetricFamily Drift = MetricFamily.Gauge(
        "security_groups_drift",
        "Whether the backend's setting does not match the policy; absent if unreadable", "backend");

    /// <summary>Its name and families.</summary>
    public static CollectorDeclaration Declaration { get; } = CollectorDeclaration.Of(
        "securitygroups", [Disabled, Info, Drift], sources => SecurityGroupFacts.Of(sources.Host()), Samples);

    /// <summary>The samples.</summary>
    public static IEnumerable<Sample> Samples(SecurityGroupFacts facts)
    {
        if (facts.Decision.Off is { } off)
        {
            yield return Disabled.Of(off);
        }

        foreach (BackendStatus status in facts.Statuses)
        {
            yield return Info.Of(1, facts.Policy, facts.Decision.Reason, status.Word);
            if (status.HasDrift is { } drifts)
            {
                yield return Drift.Of(drifts, status.Word);
            }
        }

        if (facts.Statuses.IsEmpty)
        {
            yield return Info.Of(1, facts.Policy, facts.Decision.Reason, "");
        }
    }
}

/// <summary>What is decided of security groups, and where the backends stand.</summary>
/// <param name="Policy">The policy's word.</param>
/// <param name="Decision">What it comes to on this host.</param>
/// <param name="Statuses">The backends.</param>
internal sealed record SecurityGroupFacts(
    string Policy, SecurityGroupDecision Decision, ImmutableArray<BackendStatus> Statuses)
{
    /// <summary>Those of a host.</summary>
    public static SecurityGroupFacts Of(Observation host)
    {
        (HostIntent intent, HostState state) = (host.Intent, host.State);
        var decision = SecurityGroupDecision.Of(intent, state);
        return new SecurityGroupFacts(
            intent.SecurityGroups.Policy.ToString().ToLowerInvariant(), decision,
            SecurityGroupPlanner.Statuses(intent, state, decision));
    }
}
