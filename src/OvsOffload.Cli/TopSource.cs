using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Top;

namespace OvsOffload.Cli;

/// <summary>
/// Reads samples: the counters at every one, the cards and bridges of the host now and then. Not safe for concurrent
/// use.
/// </summary>
internal sealed class TopSource(HostReader reader, TimeProvider time) : IDisposable
{
    /// <summary>After so long the cards and bridges are read again.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(15);

    private readonly NicProbe _probe = new(HostPaths.Real, LiveNetlink.Instance);
    private readonly long _start = time.GetTimestamp();
    private HostState? _host;
    private long _readAt;

    /// <summary>Reads a sample.</summary>
    /// <exception cref="TopException">The representors could not be read.</exception>
    public async Task<TopSample> ReadAsync(CancellationToken cancellation)
    {
        if (_host is null || time.GetElapsedTime(_readAt) > MaxAge)
        {
            (_host, _readAt) = (await reader.ReadAsync(cancellation), time.GetTimestamp());
        }

        Dictionary<string, string> bridges = _host.OpenVSwitch.Database.ValueOrDefault()?.BridgesByInterface() ?? [];
        Reading<ImmutableArray<RepresentorFacts>> read = await _probe.RepresentorsAsync(_host, bridges, cancellation);
        return read.TryGet(out ImmutableArray<RepresentorFacts> representors)
            ? new TopSample(_host.HostName, time.GetUtcNow(), time.GetElapsedTime(_start), representors)
            : throw new TopException(read.Why);
    }

    /// <inheritdoc/>
    public void Dispose() => _probe.Dispose();
}

/// <summary>A sample could not be read.</summary>
internal sealed class TopException(string message) : Exception(message);
