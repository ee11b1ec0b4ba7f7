using System.Collections.Immutable;
using OvsOffload.Planning;

namespace OvsOffload.Metrics;

/// <summary>
/// Collector <c>reconcile</c>: drift, its repair, and whether the configuration is the one in the file.
/// </summary>
internal static class ReconcileCollector
{
    private static readonly MetricFamily Pending =
        MetricFamily.Gauge("pending_steps", "Steps needed to make the host match the configuration");

    private static readonly MetricFamily Objections = MetricFamily.Gauge(
        "plan_objections",
        "Problems that block parts of the plan, by kind",
        "kind");

    private static readonly ImmutableArray<ObjectionKind> Kinds = [.. Enum.GetValues<ObjectionKind>()];

    private static readonly MetricFamily LastSuccess = MetricFamily.Gauge(
        "last_apply_success",
        "Whether the host matched the configuration after the last apply; 0 also if problems prevented it; absent "
            + "before the first");

    private static readonly MetricFamily LastTime = MetricFamily.Gauge(
        "last_apply_timestamp_seconds",
        "Time when the last apply ended, or was first prevented by problems; absent before the first");

    private static readonly MetricFamily Reload = MetricFamily.Gauge(
        "config_reload_success", "Whether the configuration file is loaded; 0 if it is invalid and an older "
            + "configuration is active");

    private static readonly MetricFamily ListenFailures = MetricFamily.Counter(
        "listen_failures_total", "Failed attempts to listen on metrics.listen; there were no metrics until one "
            + "succeeded");

    /// <summary>Its name and families.</summary>
    public static CollectorDeclaration Declaration { get; } = CollectorDeclaration.Of(
        "reconcile", [Pending, Objections, LastSuccess, LastTime, Reload, ListenFailures],
        sources => sources.Reconcile(), Samples);

    /// <summary>The samples.</summary>
    public static IEnumerable<Sample> Samples(ReconcileFacts facts)
    {
        if (facts.Plan is { } plan)
        {
            yield return Pending.Of(plan.Steps.Length);
            foreach (ObjectionKind kind in Kinds)
            {
                yield return Objections.Of(plan.Objections.Count(one => one.Kind == kind), Word(kind));
            }
        }

        if (facts.LastApply is { } last)
        {
            yield return LastSuccess.Of(last.Succeeded);
            yield return LastTime.Of(last.At.ToUnixTimeMilliseconds() / 1000.0);
        }

        yield return Reload.Of(facts.ReloadSucceeded);
        yield return ListenFailures.Of(facts.ListenFailures);
    }

    private static string Word(ObjectionKind kind) => kind.ToString().ToLowerInvariant();
}
