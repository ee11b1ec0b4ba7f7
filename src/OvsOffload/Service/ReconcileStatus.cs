using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Metrics;
using OvsOffload.Planning;

namespace OvsOffload.Service;

/// <summary>What the service stands on: the configuration that is in force.</summary>
/// <param name="Intent">What is wanted.</param>
/// <param name="Configured">Whether there is a configuration; without one the service only observes.</param>
/// <param name="ReloadSucceeded">Whether it is the one in the file; false while that one is wrong.</param>
internal sealed record ServiceIntent(HostIntent Intent, bool Configured, bool ReloadSucceeded);

/// <summary>What the reconcile loop knows.</summary>
/// <param name="Host">The host as it was read last, with the configuration that was in force then; null before the
/// first reading and when the last one failed.</param>
/// <param name="Plan">What is to be done to it; null likewise.</param>
/// <param name="LastApply">What came of the last apply; null before the first.</param>
internal sealed record ReconcileStatus(Observation? Host, Plan? Plan, ApplyFact? LastApply)
{
    /// <summary>What the host is.</summary>
    public HostState? State => Host?.State;

    /// <summary>Why the last reading failed; null when it did not, and before the first.</summary>
    public string? ReadFailure { get; init; }

    /// <summary>Why there is no state, where there is none.</summary>
    public string Missing => ReadFailure is null
        ? "the host has not been read yet"
        : $"cannot read the host: {ReadFailure}";

    /// <summary>Nothing is known yet.</summary>
    public static ReconcileStatus Initial { get; } = new(null, null, null);
}
