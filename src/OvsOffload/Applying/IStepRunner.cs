using OvsOffload.Planning;

namespace OvsOffload.Applying;

/// <summary>Carries out single steps on the host, as they stand.</summary>
internal interface IStepRunner
{
    /// <summary>
    /// Runs one step and reads back what it changed.
    /// </summary>
    /// <returns><see cref="StepResult.Skipped"/> when the host was already so and nothing was written.</returns>
    /// <exception cref="StepException">
    /// It failed; the message has the operation, the object and the kernel's words. After any other exception it is
    /// unknown whether it was done.
    /// </exception>
    Task<StepResult> RunAsync(StepAction action, CancellationToken cancellation);
}

/// <summary>What came of a step.</summary>
internal enum StepResult
{
    /// <summary>It was done.</summary>
    Done,

    /// <summary>It was not needed: the host was already so; or it was not reached.</summary>
    Skipped,

    /// <summary>It failed.</summary>
    Failed,

    /// <summary>It was done, and undone after a later step failed.</summary>
    Undone,
}

/// <summary>A step that failed.</summary>
/// <param name="message">Operation, object, the kernel's or daemon's own words, and what to do next.</param>
/// <param name="errno">The kernel's error number, positive; 0 where there is none.</param>
/// <param name="words">The kernel's own words (extended acknowledgement), where there are some.</param>
/// <param name="vfs">The VFs that the PF had at that moment, where the step changes an e-switch's mode.</param>
/// <param name="inner">The cause.</param>
internal sealed class StepException(string message, int errno, string? words, VfsPresent? vfs, Exception? inner)
    : Exception(message, inner)
{
    /// <summary>The VFs that the PF had at that moment; null for other steps.</summary>
    public VfsPresent? Vfs { get; } = vfs;

    /// <summary>The kernel's error number, positive; 0 where there is none.</summary>
    public int Errno { get; } = errno;

    /// <summary>The kernel's own words.</summary>
    public string? Words { get; } = words;

    /// <summary>
    /// Whether it is certain that nothing was changed, so that there is nothing to undo and nothing to record.
    /// </summary>
    public bool ChangedNothing { get; init; }

    /// <summary>
    /// Whether the change is written in its place for certain, and only whoever takes it up did not do so in time.
    /// </summary>
    public bool IsWritten { get; init; }
}

/// <summary>The VFs that a refused change of mode met.</summary>
/// <param name="Total">How many there were.</param>
/// <param name="Bound">How many of them were bound to a driver.</param>
internal sealed record VfsPresent(int Total, int Bound);
