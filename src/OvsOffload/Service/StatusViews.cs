using System.Collections.Immutable;
using OvsOffload.Flows;
using OvsOffload.Host;
using OvsOffload.Metrics;
using OvsOffload.Os;
using OvsOffload.Page;
using OvsOffload.Verifying;

namespace OvsOffload.Service;

/// <summary>
/// Puts the view of the status page together from what the service holds in memory; nothing is asked for it. Safe for
/// concurrent use.
/// </summary>
internal sealed class StatusViews(
    Func<ReconcileStatus> status,
    Func<ServiceIntent> intent,
    Func<Metrics.FlowFacts> flows,
    Func<Reading<VerifyReport>> checks,
    OffloadHistory history,
    TimeProvider time)
{
    private HostPicture? _seen;

    /// <summary>Takes in a reading of the host that was made for something else.</summary>
    public void Observe(Observation host) => Volatile.Write(ref _seen, HostPictures.Of(host));

    /// <summary>The view at this moment.</summary>
    public PageView Now()
    {
        ReconcileStatus now = status();
        ServiceIntent wanted = intent();
        Reading<HostPicture> host = Host(now);
        return new PageView
        {
            HostAge = host.TryGet(out HostPicture? picture)
                ? time.GetElapsedTime(picture.ReadTimestamp)
                : TimeSpan.Zero,
            Version = BuildFacts.Current.Version,
            Host = host,
            StatusLine = StatusLine(now, wanted),
            Objections =
            [
                .. now.Plan?.Objections.Select(objection => $"{objection}") ?? [],
                .. now.Plan?.Pending.Select(pending => $"pending: {pending}") ?? [],
            ],
            Unread = [.. Unread(now).Select(fact => $"{fact}")],
            Flows = Counts(now.State, flows()),
            History = history.Points(),
            Checks = checks(),
        };
    }

    /// <summary>
    /// The newer of the loop's reading and of that of the checks: that a guest takes a VF or lets go of it raises no
    /// event for the loop. A failure of the loop's is shown as one.
    /// </summary>
    private Reading<HostPicture> Host(ReconcileStatus now)
    {
        if (now.Host is not { } host)
        {
            return Reading.Failed<HostPicture>(now.Missing);
        }

        return Reading.Known(Volatile.Read(ref _seen) is { } seen && seen.ReadTimestamp > host.State.ReadTimestamp
            ? seen
            : HostPictures.Of(host));
    }

    /// <summary>What of the host is needed and could not be read, by the loop's reading and by that of the
    /// checks.</summary>
    private ImmutableArray<UnreadFact> Unread(ReconcileStatus now) =>
    [
        .. (now.Plan?.Unread ?? []).Concat(checks().ValueOrDefault()?.Unread ?? []).DistinctBy(fact => fact.What),
    ];

    private string StatusLine(ReconcileStatus now, ServiceIntent wanted)
    {
        string reload = wanted.ReloadSucceeded ? "" : "; the configuration file is invalid, the previous "
            + "configuration is active";
        bool failed = now is { LastApply.Succeeded: false, Plan: not { IsEmpty: true } };
        string apply = failed ? "; the last apply failed" : "";
        int unread = Unread(now).Length;
        string status = (wanted.Configured, now.Plan) switch
        {
            (false, _) => "Observing only: no configuration",
            (_, null) => "Unknown whether the host matches the configuration",
            (_, { Steps.IsEmpty: true, Objections.IsEmpty: true, Pending.IsEmpty: true }) when unread > 0 =>
                "Unknown whether the host matches the configuration: "
                    + $"{StatusPage.Count(unread, "fact")} unreadable",
            (_, { IsEmpty: true }) => "The host matches the configuration",
            (_, { IsPartial: true } plan) =>
                $"The host partly matches the configuration: {string.Join(", ", plan.Skipped.Names)} blocked by the "
                    + "problems listed below",
            (_, { Objections.IsEmpty: false }) => "The host does not match the configuration: blocked by the problems "
                + "listed below",
            (_, { Steps.IsEmpty: true }) => "The host matches the configuration except for pending actions",
            (_, { Steps.Length: 1 }) => "1 step pending",
            var (_, plan) => $"{plan.Steps.Length} steps pending",
        };
        return status + apply + reload;
    }

    private static Reading<FlowCounts> Counts(HostState? state, Metrics.FlowFacts facts) =>
        state?.OpenVSwitch is { Database.IsAbsent: true, Installation.IsKnown: false }
            ? Reading.Absent<FlowCounts>("this host has no Open vSwitch")
        : facts.Failure is { } failure ? Reading.Failed<FlowCounts>(failure)
        : facts.Datapaths.IsEmpty ? Reading.Absent<FlowCounts>("there is no bridge")
        : OffloadHistory.Counts(facts) is { } counts ? Reading.Known(counts)
        : Reading.Failed<FlowCounts>("no flow dump was made, or it was truncated");
}
