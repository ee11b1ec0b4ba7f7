using OvsOffload.Os;

namespace OvsOffload.Service;

/// <summary>
/// Serves metrics as soon as the port is free: what another program does with a port is no reason to stop keeping a
/// host as it is configured. Dispose stops serving.
/// </summary>
/// <param name="start">Starts the server.</param>
/// <param name="log">Is told.</param>
/// <param name="time">The clock.</param>
internal sealed class MetricsListener(
    Func<CancellationToken, Task<MetricsServer>> start, ServiceLog log, TimeProvider time) : IAsyncDisposable
{
    /// <summary>Between two attempts.</summary>
    private static readonly RetryOptions Retry = new() { Delay = TimeSpan.FromSeconds(5) };

    private MetricsServer? _server;

    /// <summary>Begins to listen.</summary>
    /// <param name="waits">Whether a port that is taken is waited for, by <see cref="RunAsync"/>.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ServiceException">It cannot be listened there.</exception>
    public async Task StartAsync(bool waits, CancellationToken cancellation)
    {
        try
        {
            Serve(await start(cancellation));
        }
        catch (ServiceException failure) when (waits && failure.IsAddressInUse)
        {
            log(LogPriority.Error, $"{failure.Message}. No metrics until then; trying again every "
                + $"{Retry.Delay.TotalSeconds:0} s");
        }
    }

    /// <summary>Waits for the port, where it was taken.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        if (_server is null)
        {
            await Task.Delay(Retry.Delay, time, cancellation);
            Serve(await Retry.WhileFailingAsync(
                start, failure => failure is ServiceException { IsAddressInUse: true }, time, cancellation));
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    private void Serve(MetricsServer server)
    {
        _server = server;
        log(LogPriority.Notice, $"metrics at {server.Url}/metrics, status page at {server.Url}/");
    }
}
