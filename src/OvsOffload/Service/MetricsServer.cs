using System.Buffers;
using System.Collections.Immutable;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OvsOffload.Intent;
using OvsOffload.Metrics;

namespace OvsOffload.Service;

/// <summary>
/// The HTTP end: <c>/metrics</c> and <c>/healthz</c>, GET and HEAD only, with everything that a client may send
/// bounded.
/// Dispose stops it.
/// </summary>
internal sealed class MetricsServer : IAsyncDisposable
{
    /// <summary>More than any Prometheus needs; a client beyond it is turned away at once.</summary>
    private const int MaxConnections = 64;

    private const int MaxRequestLineBytes = 4 * 1024;

    private const int MaxHeaderBytes = 16 * 1024;

    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Above Prometheus' usual scrape intervals, so that a scraper keeps its connection.</summary>
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(130);

    private readonly WebApplication _application;
    private readonly Func<IBufferWriter<byte>, CancellationToken, Task> _scrape;
    private readonly Func<ImmutableArray<string>> _complaints;

    private MetricsServer(
        WebApplication application,
        Func<IBufferWriter<byte>, CancellationToken, Task> scrape,
        Func<ImmutableArray<string>> complaints)
    {
        _application = application;
        _scrape = scrape;
        _complaints = complaints;
    }

    /// <summary>Where it listens: <c>http://127.0.0.1:9975</c>.</summary>
    public string Url => _application.Urls.First();

    /// <summary>Starts to listen.</summary>
    /// <param name="listen">Where; port 0 chooses a free one.</param>
    /// <param name="scrape">Writes the exposition.</param>
    /// <param name="complaints">What is wrong with the service; empty while it is healthy.</param>
    /// <param name="cancellation">Ends the start.</param>
    /// <exception cref="ServiceException">The address cannot be listened on.</exception>
    public static async Task<MetricsServer> StartAsync(
        ListenAddress listen,
        Func<IBufferWriter<byte>, CancellationToken, Task> scrape,
        Func<ImmutableArray<string>> complaints,
        CancellationToken cancellation)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options => Bound(options, listen));

        // Signals are the command's business: the host must not stop the server under a scrape on its own.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        WebApplication application = builder.Build();
        var server = new MetricsServer(application, scrape, complaints);
        application.Run(server.AnswerAsync);
        try
        {
            await application.StartAsync(cancellation);
        }
        catch (Exception failure) when (failure is IOException or AddressInUseException)
        {
            await application.DisposeAsync();
            throw new ServiceException(
                $"cannot listen on {listen}: {failure.InnerException?.Message ?? failure.Message}; "
                    + "another program has it, or metrics.listen is no address of this host", failure);
        }

        return server;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private static void Bound(KestrelServerOptions options, ListenAddress listen)
    {
        options.AddServerHeader = false;
        options.Limits.MaxConcurrentConnections = MaxConnections;
        options.Limits.MaxRequestLineSize = MaxRequestLineBytes;
        options.Limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
        options.Limits.MaxRequestBodySize = 0;
        options.Limits.RequestHeadersTimeout = HeadersTimeout;
        options.Limits.KeepAliveTimeout = KeepAlive;
        if (listen.Address is { } address)
        {
            options.Listen(address, listen.Port, Http1);
        }
        else
        {
            options.ListenAnyIP(listen.Port, Http1);
        }

        static void Http1(ListenOptions endpoint) => endpoint.Protocols = HttpProtocols.Http1;
    }

    private Task AnswerAsync(HttpContext context)
    {
        HttpResponse response = context.Response;
        response.Headers.CacheControl = "no-store";
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            response.Headers.Allow = "GET, HEAD";
            return SayAsync(response, HttpStatusCode.MethodNotAllowed, "only GET and HEAD are answered here");
        }

        switch (context.Request.Path.Value)
        {
            case "/metrics":
                response.ContentType = ExpositionWriter.ContentType;
                return _scrape(response.BodyWriter, context.RequestAborted);
            case "/healthz":
                ImmutableArray<string> complaints = _complaints();
                return complaints.IsEmpty
                    ? SayAsync(response, HttpStatusCode.OK, "ok")
                    : SayAsync(response, HttpStatusCode.ServiceUnavailable, string.Join('\n', complaints));
            default:
                return SayAsync(response, HttpStatusCode.NotFound, "here are /metrics and /healthz");
        }
    }

    private static Task SayAsync(HttpResponse response, HttpStatusCode status, string words)
    {
        response.StatusCode = (int)status;
        response.ContentType = "text/plain; charset=utf-8";
        return response.WriteAsync(words + "\n", response.HttpContext.RequestAborted);
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

/// <summary>The service cannot start, or cannot go on.</summary>
internal sealed class ServiceException(string message, Exception? inner = null) : Exception(message, inner);
