namespace OvsOffload.Service;

/// <summary>Waits that double, with every attempt or with the time that went by.</summary>
/// <param name="First">The wait after the first attempt.</param>
/// <param name="Longest">The most.</param>
internal sealed record Backoff(TimeSpan First, TimeSpan Longest)
{
    /// <summary>The wait after so many attempts; none after zero.</summary>
    public TimeSpan After(int attempts)
    {
        // 2^62 ticks are 14 000 years, so the product stays a number.
        double ticks = attempts <= 0 ? 0 : First.Ticks * Math.Pow(2, Math.Min(attempts - 1, 62));
        return ticks < Longest.Ticks ? TimeSpan.FromTicks((long)ticks) : Longest;
    }

    /// <summary>
    /// The wait while something has lasted so long already: the longest of the doubling waits that is not longer than
    /// that. However often it is asked for in between, it grows with the time alone.
    /// </summary>
    public TimeSpan After(TimeSpan lasted)
    {
        int doublings = lasted > First ? (int)Math.Log2(lasted / First) : 0;
        return After(doublings + 1);
    }
}
