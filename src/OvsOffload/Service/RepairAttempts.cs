using OvsOffload.Applying;
using OvsOffload.Os;
using OvsOffload.Planning;

namespace OvsOffload.Service;

/// <summary>
/// What came of the applies so far, and so how long the next one waits. Failures, and repairs that did not last, are
/// counted apart; steps that were tried neither way are never made to wait for others.
/// </summary>
/// <param name="backoff">Waits after the first failure, the second, ..</param>
/// <param name="quietPeriod">After so long a repair that has to be made again counts as the first.</param>
/// <param name="time">The clock.</param>
internal sealed class RepairAttempts(RetryOptions backoff, TimeSpan quietPeriod, TimeProvider time)
{
    private readonly AttemptCounter _failed = new();
    private readonly AttemptCounter _repaired = new();

    /// <summary>Begins anew: the host, or the configuration, is another one.</summary>
    public void Forget()
    {
        _failed.Forget();
        _repaired.Forget();
    }

    /// <summary>Takes in what came of an apply.</summary>
    /// <param name="plan">The plan as it was before the apply.</param>
    /// <param name="report">What came of it; null when it broke off without a word about its steps.</param>
    /// <param name="failed">Whether something of it failed.</param>
    public void Add(Plan plan, ApplyReport? report, bool failed)
    {
        string[] done =
        [
            .. (report?.Steps ?? []).Where(step => step.Result == StepResult.Done).Select(step => step.Step.Id),
        ];
        string[] all = [.. plan.Steps.Select(step => step.Id), .. done];
        if (failed)
        {
            _failed.Add(all.Except(done), time.GetTimestamp());
        }
        else
        {
            _failed.Forget();
        }

        string[] repaired = failed ? done : all;
        if (repaired.Length > 0)
        {
            Expire();
            _repaired.Add(repaired, time.GetTimestamp());
        }
    }

    /// <summary>How long a plan still has to wait, and why; null when it may be applied at once.</summary>
    public RepairWait? WaitFor(Plan plan)
    {
        Expire();
        RepairWait? least = null;
        foreach (Step step in plan.Steps)
        {
            RepairWait?[] waits = [Remaining(_failed, step.Id, Failures), Remaining(_repaired, step.Id, Repairs)];
            if (waits.MaxBy(wait => wait?.Remaining ?? TimeSpan.Zero) is not { } most)
            {
                return null;
            }

            least = least is null || most.Remaining < least.Remaining ? most : least;
        }

        return least;
    }

    private RepairWait? Remaining(AttemptCounter attempts, string id, Func<int, string> why)
    {
        TimeSpan whole = backoff.After(attempts.Count);
        TimeSpan left = whole - time.GetElapsedTime(attempts.Last);
        return attempts.Contains(id) && left > TimeSpan.Zero ? new RepairWait(left, whole, why(attempts.Count)) : null;
    }

    private static string Failures(int count) => count == 1
        ? "the last apply failed"
        : $"the last {count} applies failed";

    private static string Repairs(int count) =>
        $"these steps were applied before and did not last ({(count == 1 ? "once" : $"{count} times")} so far); "
            + "another program may be changing the same objects";

    private void Expire()
    {
        if (time.GetElapsedTime(_repaired.Last) > quietPeriod)
        {
            _repaired.Forget();
        }
    }

    private sealed class AttemptCounter
    {
        private readonly HashSet<string> _steps = [];

        public int Count { get; private set; }

        public long Last { get; private set; }

        public bool Contains(string step) => _steps.Contains(step);

        public void Add(IEnumerable<string> steps, long now)
        {
            _steps.UnionWith(steps);
            Count++;
            Last = now;
        }

        public void Forget()
        {
            _steps.Clear();
            Count = 0;
        }
    }
}

/// <summary>A wait before an apply.</summary>
/// <param name="Remaining">What is left of it.</param>
/// <param name="Total">How long it is in all.</param>
/// <param name="Why">The reason, as the rest of a sentence after <c>because</c>.</param>
internal sealed record RepairWait(TimeSpan Remaining, TimeSpan Total, string Why);
