using OvsOffload.Applying;
using OvsOffload.Host;
using OvsOffload.Metrics;
using OvsOffload.Planning;

namespace OvsOffload.Service;

/// <summary>How the loop behaves.</summary>
internal sealed record ReconcileOptions
{
    /// <summary>Waits before an apply, or a reading, is tried again. Default 1 s doubling to 5 min.</summary>
    public Backoff Backoff { get; init; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));

    /// <summary>
    /// Waits before a plan is made again that was refused because something is held or protected: that a process lets
    /// go of a VF raises no event. As long as it has been refused already; by default 1 min at least and 10 min at most.
    /// </summary>
    public Backoff Refused { get; init; } = new(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10));

    /// <summary>
    /// After so long without an apply drift is repaired at once again; before that it waits as after a failure, because
    /// somebody else may be changing the same objects. Default 10 min.
    /// </summary>
    public TimeSpan Calm { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The longest a reading may take before the loop counts as stuck. Default 2 min.</summary>
    public TimeSpan ReadLimit { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// The longest one step may take before the loop counts as stuck. Default 10 min: above every driver's limit.
    /// </summary>
    public TimeSpan StepLimit { get; init; } = TimeSpan.FromMinutes(10);
}

/// <summary>What the loop does to the host: reads it, and applies.</summary>
internal interface IReconciler
{
    /// <summary>Reads the host.</summary>
    Task<HostState> ReadAsync(CancellationToken cancellation);

    /// <summary>Brings the host to the intent, holding the run lock only meanwhile.</summary>
    /// <exception cref="ApplyPutOffException">Another run is under way; nothing was done.</exception>
    Task<ApplyReport> ApplyAsync(ServiceIntent intent, IProgress<StepReport> progress, CancellationToken cancellation);
}

/// <summary>
/// Keeps the host as it is wanted: reads and applies at the start, and again when something changed. One thing after
/// the
/// other, so never two applies at once. Without a configuration it reads and never applies. A change of its own making
/// leads to one more reading, which finds nothing to do.
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
    private readonly List<string> _said = [];
    private ReconcileStatus _status = ReconcileStatus.Initial;
    private int _attempts;
    private int _readFailures;
    private long? _refusedSince;
    private ServiceIntent? _planned;
    private long _lastApply;

    /// <summary>What the loop knows; safe to read from any thread.</summary>
    public ReconcileStatus Status => Volatile.Read(ref _status);

    /// <summary>Runs until it is cancelled; an apply under way is then finished or undone first.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            TimeSpan? again = await RoundAsync(cancellation);
            heartbeat.End();
            GiveMemoryBack();
            await changes.WaitAsync(again, cancellation);
        }
    }

    /// <summary>
    /// Takes in a reading of the host that was made for something else. What raises no event, such as an ingress qdisc
    /// that another tool removed, shows there, and is then looked at again.
    /// </summary>
    public void See(HostState state)
    {
        if (Status is { State: { } before, Plan: { } plan } && state.ReadAt > before.ReadAt
            && (InForce(state) != InForce(before) || Differs(Planner.Plan(intent().Intent, state), plan)))
        {
            changes.Raise("the host is not as it was read last");
        }
    }

    private static bool? InForce(HostState state) => state.OpenVSwitch.HwOffload.ValueOrDefault()?.InForce;

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
            (_planned, _attempts, _refusedSince) = (wanted, 0, null);
        }

        heartbeat.Begin("reading the host", options.ReadLimit);
        HostState state;
        try
        {
            state = await reconciler.ReadAsync(cancellation);
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
        {
            Publish(Status with { State = null, Plan = null });
            Say(LogPriority.Error, [$"the host could not be read: {failure.Message}"]);
            return options.Backoff.After(++_readFailures);
        }

        Plan plan = Planner.Plan(wanted.Intent, state);
        Publish(Status with { State = state, Plan = plan });
        TimeSpan? again = wanted.Configured ? await ActAsync(wanted, plan, cancellation) : null;
        if (!state.PhysicalFunctions.IsFailed)
        {
            _readFailures = 0;
            return again;
        }

        // The planner objects only where the configuration names a PF.
        if (plan.Objections.IsEmpty)
        {
            Say(LogPriority.Error, [$"the NICs could not be read: {state.PhysicalFunctions.Why}"]);
        }

        return again ?? options.Backoff.After(++_readFailures);
    }

    private async Task<TimeSpan?> ActAsync(ServiceIntent wanted, Plan plan, CancellationToken cancellation)
    {
        if (!plan.Objections.IsEmpty)
        {
            Say(LogPriority.Warning, plan.Objections.Select(objection => $"not applied: {objection}"));
            return plan.Objections.All(objection => objection.Kind == ObjectionKind.Refused)
                ? UntilLetGo()
                : options.Backoff.After(++_attempts);
        }

        _refusedSince = null;
        if (plan.Steps.IsEmpty)
        {
            Say(LogPriority.Notice, plan.Pending.Select(pending => $"pending: {pending}"));
            return null;
        }

        TimeSpan since = time.GetElapsedTime(_lastApply);
        if (_attempts > 0 && since > options.Calm)
        {
            _attempts = 0;
        }

        TimeSpan wait = options.Backoff.After(_attempts) - since;
        if (_attempts > 0 && wait > TimeSpan.Zero)
        {
            return wait;
        }

        await ApplyAsync(wanted, plan, cancellation);

        // Its own changes may have raised no event; the reading after it tells whether it held.
        changes.Raise("the apply is done");
        return null;
    }

    /// <summary>Doubles with the time that went by, however many changes came in between.</summary>
    private TimeSpan UntilLetGo()
    {
        _refusedSince ??= time.GetTimestamp();
        TimeSpan refused = time.GetElapsedTime(_refusedSince.Value);
        return refused < options.Refused.First ? options.Refused.First
            : refused > options.Refused.Longest ? options.Refused.Longest
            : refused;
    }

    private async Task ApplyAsync(ServiceIntent wanted, Plan plan, CancellationToken cancellation)
    {
        log(LogPriority.Notice, $"applying {plan.Steps.Length} steps, the first: {plan.Steps[0].Action.Summary}");
        heartbeat.Begin("applying", options.StepLimit);
        _attempts++;
        bool succeeded = false;
        try
        {
            ApplyReport report = await reconciler.ApplyAsync(wanted, new Progress(heartbeat, log), cancellation);
            succeeded = report.Succeeded;
            Tell(report);
        }
        catch (ApplyPutOffException putOff)
        {
            Say(LogPriority.Warning, [$"not applied: {putOff.Message}"]);
            return;
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
        {
            Say(LogPriority.Error, [$"the apply failed: {failure.Message}"]);
        }
        finally
        {
            _lastApply = time.GetTimestamp();
        }

        Publish(Status with { LastApply = new ApplyFact(time.GetUtcNow(), succeeded) });
    }

    private void Tell(ApplyReport report)
    {
        if (report.Succeeded)
        {
            _said.Clear();
            log(LogPriority.Notice,
                $"applied: {report.Steps.Count(step => step.Result == StepResult.Done)} steps done, all is as wanted");
        }
        else
        {
            Say(LogPriority.Error,
            [
                .. report.Objections.Select(objection => $"not applied: {objection}"),
                .. report.Failures.Select(failure => $"failed: {failure}"),
                .. report.NotUndone.Select(left => $"not undone: {left}"),
            ]);
        }
    }

    /// <summary>
    /// A reading leaves megabytes of garbage and the next one may be hours away, on a host whose memory is for guests.
    /// </summary>
    private static void GiveMemoryBack() => GC.Collect(
        GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

    /// <summary>Says what is wrong once, not again in every round.</summary>
    private void Say(LogPriority priority, IEnumerable<string> lines)
    {
        string[] now = [.. lines];
        foreach (string line in now.Except(_said))
        {
            log(priority, line);
        }

        _said.Clear();
        _said.AddRange(now);
    }

    private void Publish(ReconcileStatus status) => Volatile.Write(ref _status, status);

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

/// <summary>The apply could not begin; later it may.</summary>
/// <param name="message">Why.</param>
internal sealed class ApplyPutOffException(string message) : Exception(message);
