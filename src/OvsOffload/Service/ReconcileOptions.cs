using OvsOffload.Os;


namespace OvsOffload.Service;

/// <summary>How the loop behaves.</summary>
internal sealed record ReconcileOptions
{
    /// <summary>
    /// Waits before an apply that failed, a reading, or a plan to which there are objections, is tried again. Default
    /// 1 s doubling to 5 min.
    /// </summary>
    public RetryOptions Backoff { get; init; } = new()
    {
        Delay = TimeSpan.FromSeconds(1),
        LongestDelay = TimeSpan.FromMinutes(5),
    };

    /// <summary>
    /// Waits before a plan is made again that was refused because something is held or protected: that a process lets
    /// go of a VF raises no event. They double with the time that it has been refused; by default from 1 min to 10 min.
    /// </summary>
    public RetryOptions Refused { get; init; } = new()
    {
        Delay = TimeSpan.FromMinutes(1),
        LongestDelay = TimeSpan.FromMinutes(10),
    };

    /// <summary>
    /// After so long without an apply drift is repaired at once again; before that the same drift waits, because
    /// somebody else may be changing the same objects. Default 10 min.
    /// </summary>
    public TimeSpan QuietPeriod { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The longest a reading may take before the loop counts as stuck. Default 2 min.</summary>
    public TimeSpan ReadLimit { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// The longest one step may take before the loop counts as stuck. Default 10 min: above every driver's limit.
    /// </summary>
    public TimeSpan StepLimit { get; init; } = TimeSpan.FromMinutes(10);
}
