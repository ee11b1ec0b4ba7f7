using OvsOffload.Os;
using OvsOffload.Planning;

namespace OvsOffload.Applying;

/// <summary>
/// A journal that a run goes on without: what takes changes back must not stop at a disk that is full, read-only or
/// broken.
/// </summary>
/// <param name="journal">The journal.</param>
/// <param name="tell">Gets why it cannot be written, once.</param>
internal sealed class OptionalJournal(IJournal journal, Action<string> tell) : IJournal
{
    private bool _isTold;

    /// <inheritdoc/>
    public void Begin() => Try(journal.Begin);

    /// <inheritdoc/>
    public void Write(Step step, JournalPhase phase, string? error = null) =>
        Try(() => journal.Write(step, phase, error));

    /// <inheritdoc/>
    public void End() => Try(journal.End);

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            if (!_isTold)
            {
                tell($"cannot write the journal: {ErrnoText.Describe(failure)}; going on without it");
            }

            _isTold = true;
        }
    }
}
