using OvsOffload.Applying;
using OvsOffload.Host;

namespace OvsOffload.Service;

/// <summary>What the loop does to the host: reads it, and applies.</summary>
internal interface IReconciler
{
    /// <summary>
    /// The run before this one that died on its way; null when it came to its end, or when a run is under way.
    /// </summary>
    InterruptedRun? FindInterruptedRun();

    /// <summary>Notes that nothing is left to do of the run that was cut off, so that it is told only once.</summary>
    void AcknowledgeInterruptedRun();

    /// <summary>Reads the host.</summary>
    Task<HostState> ReadAsync(CancellationToken cancellation);

    /// <summary>Brings the host to the intent, holding the run lock only meanwhile.</summary>
    /// <exception cref="ApplyDeferredException">Another run is under way; nothing was done.</exception>
    Task<ApplyReport> ApplyAsync(ServiceIntent intent, IProgress<StepReport> progress, CancellationToken cancellation);
}

/// <summary>The apply could not begin; later it may.</summary>
/// <param name="message">Why.</param>
internal sealed class ApplyDeferredException(string message) : Exception(message);
