using OvsOffload.Planning;

namespace OvsOffload.Metrics;

/// <summary>What the service knows of its own work.</summary>
/// <param name="Plan">The last plan; null while the host could not be read.</param>
/// <param name="LastApply">What came of the last apply; null before the first.</param>
/// <param name="ReloadSucceeded">Whether the last reading of the configuration was in order.</param>
internal sealed record ReconcileFacts(Plan? Plan, ApplyFact? LastApply, bool ReloadSucceeded)
{
    /// <summary>How often it could not be listened on <c>metrics.listen</c> since the service began.</summary>
    public int ListenFailures { get; init; }
}

/// <summary>One apply of the service.</summary>
/// <param name="At">When it ended.</param>
/// <param name="Succeeded">Whether everything was as wanted after it.</param>
internal sealed record ApplyFact(DateTimeOffset At, bool Succeeded);
