namespace OvsOffload.Flows;

/// <summary>What the lines of a dump are.</summary>
/// <param name="Flows">Lines that are flows.</param>
/// <param name="Malformed">Lines that look like flows and could not be read.</param>
/// <param name="Other">Lines that are no flows.</param>
internal readonly record struct LineCounts(long Flows, long Malformed, long Other)
{
    /// <summary>The same with one line more.</summary>
    public LineCounts With(FlowLineKind kind) => kind switch
    {
        FlowLineKind.Flow => this with { Flows = Flows + 1 },
        FlowLineKind.Malformed => this with { Malformed = Malformed + 1 },
        _ => this with { Other = Other + 1 },
    };

    /// <summary>Those of some tallies.</summary>
    public static LineCounts Of(IEnumerable<FlowTally> tallies) => tallies.Aggregate(
        default(LineCounts),
        (sum, tally) => new LineCounts(
            sum.Flows + tally.Lines, sum.Malformed + tally.Malformed, sum.Other + tally.Other));
}
