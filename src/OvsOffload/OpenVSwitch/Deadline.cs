namespace OvsOffload.OpenVSwitch;

/// <summary>A bounded time to wait, together with the caller's own wish to stop; which of the two it was can be
/// told.</summary>
internal sealed class Deadline : IDisposable
{
    private readonly TimeSpan _length;
    private readonly CancellationTokenSource _timer;
    private readonly CancellationTokenSource _either;
    private readonly CancellationToken _caller;

    public Deadline(TimeSpan length, TimeProvider time, CancellationToken caller)
    {
        _length = length;
        _caller = caller;
        _timer = new CancellationTokenSource(length, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_timer.Token, caller);
    }

    /// <summary>Cancelled when the time is over or the caller wants to stop.</summary>
    public CancellationToken Token => _either.Token;

    /// <summary>True when the time is over and the caller did not want to stop.</summary>
    public bool HasPassed => _timer.IsCancellationRequested && !_caller.IsCancellationRequested;

    /// <summary>Grants the whole time again.</summary>
    public void Restart() => _timer.CancelAfter(_length);

    public void Dispose()
    {
        _either.Dispose();
        _timer.Dispose();
    }
}
