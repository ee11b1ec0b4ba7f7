namespace OvsOffload.OpenVSwitch;

/// <summary>One datapath in the answer of <c>dpif/offload/show</c>, with what may offload there, in order: <c>tc</c>,
/// <c>dpdk</c>, ..</summary>
internal sealed record OffloadDatapath(string Datapath, IReadOnlyList<OffloadProvider> Providers);

/// <summary>An offload provider and the ports it has taken.</summary>
internal sealed record OffloadProvider(string Name, IReadOnlyList<string> Ports);

/// <summary>The answer of <c>dpif/offload/show</c>, Open vSwitch 3.7 and later (lib/dpif-offload.c).</summary>
internal sealed record OffloadShow
{
    /// <summary>Whether flows are offloaded at present, as the daemon sees it; may differ from <c>hw-offload</c> until
    /// a restart.</summary>
    public required bool Enabled { get; init; }

    public required IReadOnlyList<OffloadDatapath> Datapaths { get; init; }

    /// <exception cref="FormatException">The line that says whether offload is on is missing or says something
    /// else.</exception>
    public static OffloadShow Parse(string text)
    {
        bool? enabled = null;
        var datapaths = new List<(string Name, List<(string Name, List<string> Ports)> Providers)>();
        var lines = new LineFields(text);
        while (lines.Next())
        {
            if (lines.Indent == 0 && lines.Name == "Globally enabled")
            {
                enabled = lines.Value switch
                {
                    "true" => true,
                    "false" => false,
                    _ => throw new FormatException($"'{lines.Line}' is neither true nor false"),
                };
            }
            else if (lines.Indent == 0 && lines.Line != "Datapaths:" && lines.Line.EndsWith(':'))
            {
                datapaths.Add((lines.Line[..^1], []));
            }
            else if (lines.Indent == 2 && datapaths is [.., var datapath])
            {
                ReadProviderOrPort(lines, datapath.Providers);
            }
        }

        return new OffloadShow
        {
            Enabled = enabled ?? throw new FormatException("no line shows whether offload is enabled"),
            Datapaths = [.. datapaths.Select(datapath => new OffloadDatapath(
                datapath.Name,
                [.. datapath.Providers.Select(provider => new OffloadProvider(provider.Name, provider.Ports))]))],
        };
    }

    private static void ReadProviderOrPort(LineFields lines, List<(string Name, List<string> Ports)> providers)
    {
        if (!lines.Line.StartsWith("- ", StringComparison.Ordinal))
        {
            providers.Add((lines.Line, []));
        }
        else if (providers is [.., var provider])
        {
            provider.Ports.Add(lines.Name[2..]);
        }
    }
}
