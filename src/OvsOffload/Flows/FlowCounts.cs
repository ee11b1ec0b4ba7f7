namespace OvsOffload.Flows;

/// <summary>Counts of flows by <see cref="FlowState"/>.</summary>
internal readonly record struct FlowCounts(
    long Offloaded, long Partial, long TcNotInHardware, long Software, long Unknown)
{
    public long Total => Offloaded + Partial + TcNotInHardware + Software + Unknown;

    public static FlowCounts operator +(FlowCounts a, FlowCounts b) =>
        new(
            a.Offloaded + b.Offloaded,
            a.Partial + b.Partial,
            a.TcNotInHardware + b.TcNotInHardware,
            a.Software + b.Software,
            a.Unknown + b.Unknown);

    /// <summary>The count of one state.</summary>
    public long Of(FlowState state) => state switch
    {
        FlowState.Offloaded => Offloaded,
        FlowState.Partial => Partial,
        FlowState.TcNotInHardware => TcNotInHardware,
        FlowState.Software => Software,
        _ => Unknown,
    };
}
