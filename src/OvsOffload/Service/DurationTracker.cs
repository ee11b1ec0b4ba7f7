namespace OvsOffload.Service;

/// <summary>How long something has lasted: from when it is first seen, and anew when it is another thing.</summary>
/// <param name="time">The clock.</param>
internal sealed class DurationTracker<T>(TimeProvider time)
{
    private HashSet<T>? _what;
    private long _since;

    /// <summary>How long it has lasted now; zero when it begins.</summary>
    /// <param name="what">What is seen; nothing where there is only one thing to be seen.</param>
    public TimeSpan Elapsed(IEnumerable<T> what)
    {
        HashSet<T> now = [.. what];
        if (_what is null || !_what.SetEquals(now))
        {
            (_what, _since) = (now, time.GetTimestamp());
        }

        return time.GetElapsedTime(_since);
    }

    /// <summary>It is over.</summary>
    public void Reset() => _what = null;
}
