using System.Collections.Immutable;
using OvsOffload.Flows;
using OvsOffload.Os;
using OvsOffload.Verifying;

namespace OvsOffload.Page;

/// <summary>Everything that the page shows, of one moment. Immutable: the page is a function of it.</summary>
internal sealed record PageView
{
    /// <summary>How long ago the host was read.</summary>
    public required TimeSpan HostAge { get; init; }

    /// <summary>The program's version.</summary>
    public required string Version { get; init; }

    /// <summary>The host. Failed: it has not been read, or its last reading failed.</summary>
    public required Reading<HostPicture> Host { get; init; }

    /// <summary>Where it stands against its configuration, in one sentence.</summary>
    public required string StatusLine { get; init; }

    /// <summary>Why not all is as configured: objections, and what waits for a restart.</summary>
    public ImmutableArray<string> Objections { get; init; } = [];

    /// <summary>What is needed and could not be read, as far as anybody looked; what the host's picture lacks is in it,
    /// too.</summary>
    public ImmutableArray<string> Unread { get; init; } = [];

    /// <summary>The flows of the last dump, of all datapaths.</summary>
    public required Reading<FlowCounts> Flows { get; init; }

    /// <summary>The share of flows in hardware over the last hour, the oldest first.</summary>
    public ImmutableArray<RatioPoint> History { get; init; } = [];

    /// <summary>What the checks found last.</summary>
    public required Reading<VerifyReport> Checks { get; init; }
}
