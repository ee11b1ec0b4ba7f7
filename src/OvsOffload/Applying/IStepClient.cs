using OvsOffload.Planning;

namespace OvsOffload.Applying;

/// <summary>Carries out the kinds of steps of one part of the host.</summary>
internal interface IStepClient
{
    /// <summary>Runs a step and reads back what it changed.</summary>
    /// <returns>Null where steps of this kind are another client's; else whether anything was written.</returns>
    Task<bool>? TryRunAsync(StepAction action, CancellationToken cancellation);
}
