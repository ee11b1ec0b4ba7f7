using System.Net;

namespace OvsOffload.Intent;

/// <summary>What the exporter serves, and what that may cost.</summary>
internal sealed record MetricsIntent
{
    /// <summary>Key <c>listen</c>.</summary>
    public ListenAddress Listen { get; init; } = new(IPAddress.Loopback, 9975);

    /// <summary>
    /// Key <c>web-config</c>: the path of a file with TLS and users; null serves plain HTTP to everyone.
    /// </summary>
    public string? WebConfig { get; init; }

    /// <summary>Key <c>flow-dump</c>.</summary>
    public FlowDumpIntent FlowDump { get; init; } = new();

    /// <summary>
    /// Key <c>collectors</c>: the collectors that the operator switched, by name; true where one is not named.
    /// </summary>
    public IReadOnlyDictionary<string, bool> Collectors { get; init; } = new Dictionary<string, bool>();

    /// <summary>Where each key stands; those of <see cref="Collectors"/> as <c>collectors.NAME</c>.</summary>
    public SourceMap Source { get; init; } = SourceMap.Defaults;
}

/// <summary>How often the datapath's flows are dumped, and how much of ovs-vswitchd's time that may take.</summary>
internal sealed record FlowDumpIntent
{
    /// <summary>Key <c>interval</c>, 1 s to 1 h: from the start of one dump to the start of the next.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Key <c>max-flows</c>, 1 to 100 million: above it no dump is made, and that is said.</summary>
    public int MaxFlows { get; init; } = 1_000_000;

    /// <summary>
    /// Key <c>duty</c>, as a fraction, above 0 to 1 (0.01 to 100 percent in the file): the most that dumps may take of
    /// the time; a dump that took long puts the next one off.
    /// </summary>
    public double Duty { get; init; } = 0.01;

    /// <summary>Where each key stands.</summary>
    public SourceMap Source { get; init; } = SourceMap.Defaults;
}

/// <summary>Where to listen.</summary>
/// <param name="Address">Null means every address of the host, IPv4 and IPv6.</param>
/// <param name="Port">1 to 65535.</param>
internal sealed record ListenAddress(IPAddress? Address, int Port)
{
    public override string ToString() => Address is null ? $":{Port}" : new IPEndPoint(Address, Port).ToString();
}
