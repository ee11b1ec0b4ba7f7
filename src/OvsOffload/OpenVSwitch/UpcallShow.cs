namespace OvsOffload.OpenVSwitch;

/// <summary>One datapath in the answer of <c>upcall/show</c> (ofproto/ofproto-dpif-upcall.c).</summary>
internal sealed record UpcallShow
{
    public required string Datapath { get; init; }

    /// <summary>Flows in the datapath now, those in tc or DPDK included.</summary>
    public required long Flows { get; init; }

    public required long AverageFlows { get; init; }

    public required long MaxFlows { get; init; }

    /// <summary>The count that ovs-vswitchd keeps to at present; it adapts below
    /// <c>other_config:flow-limit</c>.</summary>
    public required long FlowLimit { get; init; }

    /// <summary>Flows handed over to tc or DPDK, in hardware or not, wholly or in part. Null where the daemon says
    /// nothing: offload is off, the datapath cannot count, or (since 4.0) there are none.</summary>
    public long? HandedOverFlows { get; init; }

    /// <summary>How long the revalidators took to go through all flows, in milliseconds.</summary>
    public required long DumpDurationMilliseconds { get; init; }

    /// <exception cref="FormatException">A datapath without its line of flows or of the duration, or a number that is
    /// none.</exception>
    public static IReadOnlyList<UpcallShow> Parse(string text)
    {
        var shown = new List<UpcallShow>();
        var lines = new LineFields(text);
        while (lines.Next())
        {
            if (lines.Indent == 0 && lines.Line.EndsWith(':'))
            {
                shown.Add(ParseOne(lines.Line[..^1], ref lines));
            }
        }

        return shown;
    }

    private static UpcallShow ParseOne(string datapath, ref LineFields lines)
    {
        string? flows = null, handedOver = null, duration = null;
        while (lines.NextIndented())
        {
            switch (lines.Name)
            {
                case "flows":
                    flows = lines.Value;
                    break;
                case "offloaded flows":
                    handedOver = lines.Value;
                    break;
                case "dump duration":
                    duration = lines.Value;
                    break;
            }
        }

        string counts = flows ?? throw new FormatException($"no line of flows for {datapath}");
        return new UpcallShow
        {
            Datapath = datapath,
            Flows = LineFields.NumberAfter(counts, "(current "),
            AverageFlows = LineFields.NumberAfter(counts, "(avg "),
            MaxFlows = LineFields.NumberAfter(counts, "(max "),
            FlowLimit = LineFields.NumberAfter(counts, "(limit "),
            HandedOverFlows = handedOver is null ? null : LineFields.NumberAfter(handedOver, ""),
            DumpDurationMilliseconds = LineFields.NumberAfter(
                duration ?? throw new FormatException($"no dump duration for {datapath}"), ""),
        };
    }
}
