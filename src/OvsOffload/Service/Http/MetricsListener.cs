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
    private int _failures;

    /// <summary>Attempts to listen that failed.</summary>
    public int Failures => Volatile.Read(ref _failures);

    /// <summary>Begins to listen.</summary>
    /// <param name="waits">Whether an address that cannot be listened on yet is waited for, by
    /// <see cref="RunAsync"/>: another program has the port, or the host does not have the address yet.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ServiceException">It cannot be listened there.</exception>
    public async Task StartAsync(bool waits, CancellationToken cancellation)
    {
        try
        {
            Serve(await TryAsync(cancellation));
        }
        catch (ServiceException failure) when (waits && failure.CannotListen)
        {
            log(LogPriority.Error, $"{failure.Message}. No metrics until then; trying again every "
                + $"{Retry.Delay.TotalSeconds:0} s");
        }
    }

    /// <summary>Waits for the address, where it could not be listened on.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        if (_server is null)
        {
            await Task.Delay(Retry.Delay, time, cancellation);
            Serve(await Retry.WhileFailingAsync(
                TryAsync, failure => failure is ServiceException { CannotListen: true }, time, cancellation));
        }
    }

    private async Task<MetricsServer> TryAsync(CancellationToken cancellation)
    {
        try
        {
            return await start(cancellation);
        }
        catch (ServiceException)
        {
            Interlocked.Increment(ref _failures);
            throw;
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
