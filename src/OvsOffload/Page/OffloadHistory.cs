using System.Collections.Immutable;
using OvsOffload.Flows;
using OvsOffload.Metrics;

namespace OvsOffload.Page;

/// <summary>The share of flows in hardware at one time.</summary>
/// <param name="Ago">How long ago it was read.</param>
/// <param name="Share">
/// Offloaded flows of those whose state is known, 0 to 1; null where there is none, which is a gap and never a zero.
/// </param>
/// <param name="Gap">Why there is none; null where there is one.</param>
internal sealed record RatioPoint(TimeSpan Ago, double? Share, string? Gap);

/// <summary>
/// The share of flows in hardware over the last hour, from the dumps that the service makes anyway. It holds one point
/// for each quarter of a minute at most, so its memory is bounded however often flows are read. Safe for concurrent
/// use.
/// </summary>
/// <param name="time">The clock; only its steady part is used.</param>
internal sealed class OffloadHistory(TimeProvider time)
{
    /// <summary>How far back it goes.</summary>
    public static readonly TimeSpan Span = TimeSpan.FromHours(1);

    /// <summary>The least time from a point to the next.</summary>
    public static readonly TimeSpan Resolution = TimeSpan.FromSeconds(15);

    private readonly Lock _lock = new();
    private readonly Queue<Entry> _entries = new();
    private readonly long _start = time.GetTimestamp();
    private Entry? _open;
    private ImmutableArray<DumpFact?> _lastDumps = [];

    /// <summary>Takes a reading of the flows in.</summary>
    public void Record(FlowFacts facts)
    {
        TimeSpan now = time.GetElapsedTime(_start);
        lock (_lock)
        {
            if (Judge(facts) is not var (share, gap))
            {
                return;
            }

            var entry = new Entry(now, now.Ticks / Resolution.Ticks, share, gap);
            if (_open is { } open && open.Bucket == entry.Bucket)
            {
                // A failure within a quarter of a minute is not painted over by the next success.
                _open = open.Gap is not null ? open : entry;
                return;
            }

            if (_open is { } done)
            {
                _entries.Enqueue(done);
            }

            _open = entry;
            while (_entries.TryPeek(out Entry? oldest) && now - oldest.At > Span)
            {
                _entries.Dequeue();
            }
        }
    }

    /// <summary>The points of the last hour, the oldest first.</summary>
    public ImmutableArray<RatioPoint> Points()
    {
        TimeSpan now = time.GetElapsedTime(_start);
        lock (_lock)
        {
            ImmutableArray<RatioPoint>.Builder points = ImmutableArray.CreateBuilder<RatioPoint>();
            foreach (Entry entry in _open is null ? _entries : _entries.Append(_open))
            {
                if (now - entry.At <= Span)
                {
                    points.Add(new RatioPoint(now - entry.At, entry.Share, entry.Gap));
                }
            }

            return points.ToImmutable();
        }
    }

    /// <summary>The counts of all datapaths; null where one of them has none.</summary>
    public static FlowCounts? Counts(FlowFacts facts)
    {
        var sum = new FlowCounts(0, 0, 0, 0, 0);
        foreach (DatapathFacts datapath in facts.Datapaths)
        {
            if (datapath.Tally is null)
            {
                return null;
            }

            sum += datapath.Tally.Flows;
        }

        return sum;
    }

    /// <summary>The share that is in hardware; null without flows whose state is known.</summary>
    public static double? Share(FlowCounts counts) => counts.Total - counts.Unknown is > 0 and var known
        ? (double)counts.Offloaded / known
        : null;

    /// <summary>What a reading says; null where it says nothing new, because no dump was due.</summary>
    private (double? Share, string? Gap)? Judge(FlowFacts facts)
    {
        if (facts.Failure is { } failure)
        {
            return (null, failure);
        }

        if (Counts(facts) is not { } counts)
        {
            return (null, "no flow dump was made, or it was truncated");
        }

        ImmutableArray<DumpFact?> dumps = [.. facts.Datapaths.Select(datapath => datapath.LastDump)];
        if (dumps.Any(dump => dump is not null) && dumps.SequenceEqual(_lastDumps))
        {
            return null;
        }

        _lastDumps = dumps;
        return Share(counts) is { } share ? (share, null) : (null, "there are no flows");
    }

    private sealed record Entry(TimeSpan At, long Bucket, double? Share, string? Gap);
}
