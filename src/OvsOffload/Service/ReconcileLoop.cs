using System.Collections.Immutable;
using OvsOffload.Applying;
using OvsOffload.Host;
using OvsOffload.Metrics;
using OvsOffload.Os;
using OvsOffload.Planning;
using OvsOffload.Sysfs;

namespace OvsOffload.Service;

/// <summary>
/// Keeps the host as it is wanted: reads and applies at the start, and again when something changed. One thing after
/// the other, so never two applies at once. Without a configuration it reads and never applies. A change of its own
/// making leads to one more reading, which finds nothing to do.
/// </summary>
internal sealed class ReconcileLoop(
    IReconciler reconciler,
    Func<ServiceIntent> intent,
    ChangeSignal changes,
    Heartbeat heartbeat,
    ServiceLog log,
    ReconcileOptions options,
    TimeProvider time)
{
    private readonly DeduplicatingLog _reports = new(log);
    private readonly RepairAttempts _attempts = new(options.Backoff, options.QuietPeriod, time);
    private readonly DurationTracker<string> _unread = new(time);
    private readonly DurationTracker<ObjectionKey> _objected = new(time);
    private readonly DurationTracker<string> _putOff = new(time);
    private ReconcileStatus _status = ReconcileStatus.Initial;
    private ServiceIntent? _planned;
    private ImmutableHashSet<(PciAddress, string?)>? _functions;
    private ApplyFact? _lastRun;
    private long _lastRunEnded;
    private InterruptedRun? _interrupted;

    /// <summary>What the loop knows; safe to read from any thread.</summary>
    public ReconcileStatus Status => Volatile.Read(ref _status);

    /// <summary>Runs until it is cancelled; an apply under way is then finished or undone first.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        Attempt(
            "cannot determine whether the last run was interrupted",
            () => _interrupted = reconciler.FindInterruptedRun());
        if (_interrupted is not null)
        {
            log(LogPriority.Warning, intent().Configured
                ? $"{_interrupted}; finishing it now"
                : $"{_interrupted}; it is not continued without a configuration: see ovs-offload revert");
        }

        await EventLoop.RunAsync(
            async token =>
            {
                TimeSpan? again = await RoundAsync(token);
                heartbeat.End();
                ReleaseMemory();
                return again ?? Timeout.InfiniteTimeSpan;
            },
            (wait, token) => changes.WaitAsync(wait, token),
            cancellation);
    }

    /// <summary>
    /// Takes in a reading of the host that was made for something else. What raises no event, such as an ingress qdisc
    /// that another tool removed, shows there, and is then looked at again.
    /// </summary>
    public void Observe(HostState state)
    {
        if (Status is { State: { } before, Plan: { } plan } && state.ReadTimestamp > before.ReadTimestamp
            && (HwOffloadActive(state) != HwOffloadActive(before)
                || Differs(Planner.Plan(intent().Intent, state), plan)))
        {
            changes.Raise("the host has changed since the last reading");
        }
    }

    private static bool? HwOffloadActive(HostState state) => state.OpenVSwitch.HwOffload.ValueOrDefault()?.IsActive;

    private static bool Differs(Plan now, Plan before) =>
        !now.Steps.Select(step => step.Id).SequenceEqual(before.Steps.Select(step => step.Id))
        || !now.Objections.SequenceEqual(before.Objections)
        || !now.Pending.SequenceEqual(before.Pending);

    /// <summary>One round; the time after which the next one is due without a change, or null.</summary>
    private async Task<TimeSpan?> RoundAsync(CancellationToken cancellation)
    {
        ServiceIntent wanted = intent();
        if (_planned != wanted)
        {
            _planned = wanted;
            ResetBackoff();
        }

        heartbeat.Begin("reading the host", options.ReadLimit);
        HostState state;
        try
        {
            state = await reconciler.ReadAsync(cancellation);
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
        {
            Publish(Status with { Host = null, Plan = null, ReadFailure = failure.Message });
            _reports.Report(Topic.Reading, LogPriority.Error, $"cannot read the host: {failure.Message}");
            return ReadAgain();
        }

        NoteFunctions(state);
        Plan plan = Planner.Plan(wanted.Intent, state);
        Publish(Status with { Host = new Observation(wanted.Intent, state), Plan = plan, ReadFailure = null });
        RepairWait? again = wanted.Configured ? await ActAsync(wanted, plan, cancellation) : null;
        LogWait(again);
        if (!state.PhysicalFunctions.IsFailed)
        {
            _reports.Report(Topic.Reading, LogPriority.Error);
            _unread.Reset();
            return again?.Remaining;
        }

        // The planner objects only where the configuration names a PF.
        _reports.Report(Topic.Reading, LogPriority.Error, plan.Objections.IsEmpty
            ? [$"cannot read the NICs: {state.PhysicalFunctions.Why}"]
            : []);
        return again?.Remaining ?? ReadAgain();
    }

    private TimeSpan ReadAgain()
    {
        TimeSpan wait = options.Backoff.After(_unread.Elapsed([]));
        LogWait(new RepairWait(wait, wait, "the last reading of the host failed"));
        return wait;
    }

    private async Task<RepairWait?> ActAsync(ServiceIntent wanted, Plan plan, CancellationToken cancellation)
    {
        _reports.Report(
            Topic.Objections, LogPriority.Warning, plan.Objections.Select(objection => $"not applied: {objection}"));
        RepairWait? objected = WaitFor(plan.Objections);
        if (plan.IsRefused)
        {
            return objected;
        }

        if (plan.Steps.IsEmpty)
        {
            _reports.Report(Topic.Pending, LogPriority.Notice, plan.Pending.Select(pending => $"pending: {pending}"));
            if (objected is null)
            {
                AcknowledgeInterruptedRun();
            }

            return objected;
        }

        RepairWait? wait = _attempts.WaitFor(plan) ?? await ApplyAsync(wanted, plan, cancellation);
        return wait is null || wait.Remaining > objected?.Remaining ? objected : wait;
    }

    /// <summary>
    /// The wait before a plan with objections is made again, which doubles with the time that went by, however many
    /// changes came in between.
    /// </summary>
    private RepairWait? WaitFor(ImmutableArray<Objection> objections)
    {
        if (objections.IsEmpty)
        {
            _objected.Reset();
            Publish(Status with { LastApply = _lastRun });
            return null;
        }

        TimeSpan lasted = _objected.Elapsed(objections.Select(ObjectionKey.Of));
        DateTimeOffset at = _lastRun is { } run && time.GetElapsedTime(_lastRunEnded) < lasted
            ? run.At
            : time.GetUtcNow() - lasted;
        Publish(Status with { LastApply = new ApplyFact(at, Succeeded: false) });
        bool refused = objections.All(objection => objection.Kind == ObjectionKind.Refused);
        TimeSpan wait = (refused ? options.Refused : options.Backoff).After(lasted);
        return new RepairWait(
            wait, wait, refused ? "something is in use or protected, see above" : "the plan has problems, see above");
    }

    /// <summary>A card that went away or came back makes it another host, on which nothing was tried yet.</summary>
    private void NoteFunctions(HostState state)
    {
        if (!state.PhysicalFunctions.IsKnown)
        {
            return;
        }

        ImmutableHashSet<(PciAddress, string?)> now =
            [.. state.KnownFunctions.Select(pf => (pf.Address, pf.Driver))];
        if (_functions is { } before && !before.SetEquals(now))
        {
            ResetBackoff();
        }

        _functions = now;
    }

    private void ResetBackoff()
    {
        _attempts.Forget();
        _objected.Reset();
        _unread.Reset();
        _putOff.Reset();
    }

    private void AcknowledgeInterruptedRun()
    {
        if (_interrupted is not null)
        {
            log(LogPriority.Notice, "the interrupted run is complete");
            Attempt(
                "cannot close its journal, so the next start reports it again", reconciler.AcknowledgeInterruptedRun);
            _interrupted = null;
        }
    }

    /// <summary>Files of the run directory are no reason for a service to end.</summary>
    private void Attempt(string otherwise, Action act)
    {
        try
        {
            act();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            log(LogPriority.Warning, $"{otherwise}: {failure.Message}");
        }
    }

    private async Task<RepairWait?> ApplyAsync(ServiceIntent wanted, Plan plan, CancellationToken cancellation)
    {
        log(LogPriority.Notice, $"applying {plan.Steps.Length} steps, the first: {plan.Steps[0].Action.Summary}");
        heartbeat.Begin("applying", options.StepLimit);
        ApplyReport? report = null;
        try
        {
            report = await reconciler.ApplyAsync(wanted, new Progress(heartbeat, log), cancellation);
            _interrupted = null;
            LogReport(report, plan);
        }
        catch (ApplyDeferredException deferred)
        {
            _reports.Report(Topic.Apply, LogPriority.Warning, $"not applied: {deferred.Message}");
            TimeSpan wait = options.Backoff.After(_putOff.Elapsed([]));
            return new RepairWait(wait, wait, "another run is in progress");
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
        {
            _reports.Report(Topic.Apply, LogPriority.Error, $"the apply failed: {failure.Message}");
        }

        _putOff.Reset();
        bool failed = report is null || !report.Failures.IsEmpty || NewObjections(report, plan).Any();
        _attempts.Add(plan, report, failed);
        (_lastRun, _lastRunEnded) = (new ApplyFact(time.GetUtcNow(), !failed), time.GetTimestamp());
        Publish(Status with { LastApply = _lastRun with { Succeeded = report is { Succeeded: true } } });

        // Its own changes may have raised no event; the reading after it tells whether it held.
        changes.Raise("the apply is done");
        return null;
    }

    /// <summary>What showed only on the way; the others are no news, and no failure of the apply.</summary>
    private static IEnumerable<Objection> NewObjections(ApplyReport report, Plan plan)
    {
        HashSet<ObjectionKey> known = [.. plan.Objections.Select(ObjectionKey.Of)];
        return report.Objections.Where(objection => !known.Contains(ObjectionKey.Of(objection)));
    }

    private void LogReport(ApplyReport report, Plan plan)
    {
        int done = report.Steps.Count(step => step.Result == StepResult.Done);
        if (report.Succeeded)
        {
            log(LogPriority.Notice, report.IsKnownToMatch
                ? $"applied: {done} steps done; the host matches the configuration"
                : $"applied: {done} steps done; whether the host matches the configuration is not known: cannot read "
                    + string.Join("; ", report.Unread));
        }
        else if (report.Reached)
        {
            log(LogPriority.Notice, $"applied partly: {done} steps done");
        }

        _reports.Report(
            Topic.Apply,
            LogPriority.Error,
            [
                .. NewObjections(report, plan).Select(objection => $"not applied: {objection}"),
                .. report.Failures.Select(failure => $"failed: {failure}"),
                .. report.NotUndone.Select(left => $"not undone: {left}"),
            ]);
    }

    /// <summary>
    /// A reading leaves megabytes of garbage and the next one may be hours away, on a host whose memory is for guests.
    /// </summary>
    private static void ReleaseMemory() => GC.Collect(
        GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

    /// <summary>The whole wait, not what is left of it: it is said once, however often it is asked for.</summary>
    private void LogWait(RepairWait? wait) => _reports.Report(
        Topic.Wait,
        LogPriority.Notice,
        wait is null ? [] : [$"waiting {wait.Total.TotalSeconds:0} s, because {wait.Why}"]);

    private void Publish(ReconcileStatus status) => Volatile.Write(ref _status, status);

    /// <summary>What makes an objection the same one as before: its words may tell of a process that changes.</summary>
    private sealed record ObjectionKey(ObjectionKind Kind, string Object)
    {
        public static ObjectionKey Of(Objection objection) => new(objection.Kind, objection.Object);
    }

    /// <summary>Every step that ends is a sign of life.</summary>
    private sealed class Progress(Heartbeat heartbeat, ServiceLog log) : IProgress<StepReport>
    {
        public void Report(StepReport value)
        {
            heartbeat.Progress();
            log(
                value.Error is null ? LogPriority.Info : LogPriority.Error,
                $"{value.Result.ToString().ToLowerInvariant()}: {value.Step.Action.Summary}"
                    + (value.Error is null ? "" : $": {value.Error}"));
        }
    }
}
