using System.Globalization;
using OvsOffload.Applying;
using OvsOffload.Planning;

namespace OvsOffload.Cli;

/// <summary>
/// Prints each step before it runs, and what came of it with the time that it took, in order:
/// <see cref="Progress{T}"/> would not keep it.
/// </summary>
/// <param name="write">Takes a line.</param>
/// <param name="time">Measures.</param>
internal sealed class StepProgress(Action<string> write, TimeProvider time) : IProgress<StepReport>
{
    private Step? _running;
    private long _since;

    /// <summary>A step is about to run.</summary>
    public void Start(StepStart start)
    {
        (_running, _since) = (start.Step, time.GetTimestamp());
        write($"[{start.Number}/{start.Total}] {start.Step.Action.Summary} ...");
    }

    /// <inheritdoc/>
    public void Report(StepReport value)
    {
        // What is undone was not announced.
        string took = ReferenceEquals(value.Step, _running)
            ? string.Create(CultureInfo.InvariantCulture, $" ({time.GetElapsedTime(_since).TotalSeconds:0.0} s)")
            : "";
        _running = null;
        write($"{value.Result.ToString().ToLowerInvariant(),-8} {value.Step.Action.Summary}{took}"
            + (value.Error is null ? "" : $": {value.Error}"));
    }
}
