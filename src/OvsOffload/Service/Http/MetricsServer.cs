using System.Collections.Immutable;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Primitives;
using OvsOffload.Intent;
using OvsOffload.Page;
using ExpositionFormat = Prometheus.ExpositionFormat;

namespace OvsOffload.Service;

/// <summary>
/// The HTTP end: <c>/metrics</c>, <c>/healthz</c> and the status page at <c>/</c>, GET and HEAD only, with everything
/// that a client may send, or may hold, bounded. Dispose stops it.
/// </summary>
internal sealed class MetricsServer : IAsyncDisposable
{
    /// <summary>
    /// Beyond <see cref="ClientConnections.Most"/>, so that there the slowest goes and not the newest.
    /// </summary>
    private const int MaxConnections = 2 * ClientConnections.Most;

    private const int MaxRequestLineBytes = 4 * 1024;

    private const int MaxHeaderBytes = 16 * 1024;

    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Above Prometheus' usual scrape intervals, so that a scraper keeps its connection.</summary>
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(130);

    /// <summary>
    /// From a whole request to the end of its answer, the wait for its turn included. Prometheus gives up after 10 s by
    /// default.
    /// </summary>
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(30);

    private readonly WebApplication _application;
    private readonly ClientConnections _connections;
    private readonly MetricsPages _pages;
    private readonly WebAccessStore _access;
    private readonly BasicAuthentication _passwords = new();

    private readonly TimeProvider _time;

    private MetricsServer(
        WebApplication application, ClientConnections connections, MetricsPages pages, WebAccessStore access,
        TimeProvider time) =>
        (_application, _connections, _pages, _access, _time) = (application, connections, pages, access, time);

    /// <summary>Where it listens: <c>http://127.0.0.1:9975</c>.</summary>
    public string Url => _application.Urls.First();

    /// <summary>Starts to listen.</summary>
    /// <param name="listen">Where; port 0 chooses a free one.</param>
    /// <param name="pages">What it answers with.</param>
    /// <param name="access">Who may read.</param>
    /// <param name="cancellation">Ends the start.</param>
    /// <param name="time">The clock of the bounds; the system's by default. Kestrel has its own.</param>
    /// <exception cref="ServiceException">The address cannot be listened on.</exception>
    public static async Task<MetricsServer> StartAsync(
        ListenAddress listen, MetricsPages pages, WebAccessStore access, CancellationToken cancellation,
        TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        // By default it is the current directory, which may have been removed.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(
            new WebApplicationOptions { ContentRootPath = "/" });
        var connections = new ClientConnections(time);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options => Bound(options, listen, access, connections));
        if (access.HasTls)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }

        // Signals are the command's business: the host must not stop the server under a scrape on its own.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        WebApplication application = builder.Build();
        var server = new MetricsServer(application, connections, pages, access, time);
        application.Run(server.AnswerAsync);
        try
        {
            await application.StartAsync(cancellation);
        }
        catch (Exception failure) when (failure is IOException or AddressInUseException or SocketException)
        {
            await server.DisposeAsync();
            throw new ServiceException(
                $"cannot listen on {listen}: {failure.InnerException?.Message ?? failure.Message}; another program "
                    + "uses it, or metrics.listen is not an address of this host", failure)
            {
                CannotListen = true,
                IsAddressInUse = failure is AddressInUseException || failure.InnerException is AddressInUseException,
            };
        }

        return server;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _passwords.Dispose();
        _connections.Dispose();
    }

    private static void Bound(
        KestrelServerOptions options, ListenAddress listen, WebAccessStore access, ClientConnections connections)
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
            options.Listen(address, listen.Port, Endpoint);
        }
        else
        {
            options.ListenAnyIP(listen.Port, Endpoint);
        }

        void Endpoint(ListenOptions endpoint)
        {
            endpoint.Protocols = HttpProtocols.Http1;
            endpoint.Use(next => context => connections.OnConnectionAsync(context, next));
            if (access.HasTls)
            {
                endpoint.UseHttps(new TlsHandshakeCallbackOptions
                {
                    HandshakeTimeout = HandshakeTimeout,
                    OnConnection = _ => new ValueTask<SslServerAuthenticationOptions>(access.Current.Options()),
                });
            }
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        ClientConnection connection = context.Features.GetRequiredFeature<ClientConnection>();
        using var clock = new CancellationTokenSource(AnswerTimeout, _time);
        using CancellationTokenRegistration late = clock.Token.Register(context.Abort);
        if (!await connection.BeginAsync(context.RequestAborted))
        {
            context.Response.Headers.RetryAfter = "1";
            await WriteTextAsync(
                context.Response, HttpStatusCode.ServiceUnavailable, "too many requests, try again later");
            return;
        }

        try
        {
            await AnswerAsync(context, _access.Current);
            await context.Response.CompleteAsync();
        }
        finally
        {
            connection.End();
        }
    }

    private async Task AnswerAsync(HttpContext context, WebAccess access)
    {
        HttpResponse response = context.Response;
        response.Headers.CacheControl = "no-store";
        foreach ((string name, string value) in access.Config.Headers)
        {
            response.Headers[name] = value;
        }

        if (!await MayPassAsync(context, access))
        {
            return;
        }

        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            response.Headers.Allow = "GET, HEAD";
            await WriteTextAsync(response, HttpStatusCode.MethodNotAllowed, "only GET and HEAD are supported");
            return;
        }

        switch (context.Request.Path.Value)
        {
            case "/metrics":
                await ExposeAsync(context);
                break;
            case "/healthz":
                ImmutableArray<string> complaints = _pages.Problems();
                await (complaints.IsEmpty
                    ? WriteTextAsync(response, HttpStatusCode.OK, "ok")
                    : WriteTextAsync(response, HttpStatusCode.ServiceUnavailable, string.Join('\n', complaints)));
                break;
            case "/" when _pages.Status is { } status:
                await ShowAsync(context, status());
                break;
            default:
                await WriteTextAsync(
                    response, HttpStatusCode.NotFound, "not found; available: /metrics, /healthz, and the status page "
                        + "at /");
                break;
        }
    }

    private async Task<bool> MayPassAsync(HttpContext context, WebAccess access)
    {
        if (access.Config.Users.IsEmpty)
        {
            return true;
        }

        Credentials credentials = await _passwords.CheckAsync(
            access.Config.Users, context.Request.Headers.Authorization, context.Connection.RemoteIpAddress,
            context.RequestAborted);
        HttpResponse response = context.Response;
        switch (credentials)
        {
            case Credentials.Good:
                return true;
            case Credentials.Busy:
                response.Headers.RetryAfter = "1";
                await WriteTextAsync(
                    response, HttpStatusCode.ServiceUnavailable, "too many login attempts, try again later");
                return false;
            default:
                response.Headers.WWWAuthenticate = "Basic realm=\"ovs-offload\", charset=\"UTF-8\"";
                await WriteTextAsync(response, HttpStatusCode.Unauthorized, "user or password is wrong or missing");
                return false;
        }
    }

    private async Task ExposeAsync(HttpContext context)
    {
        HttpResponse response = context.Response;
        IHeaderDictionary headers = context.Request.Headers;
        ExpositionFormat format = AcceptedFormat.Of(headers);
        response.ContentType = AcceptedFormat.ContentType(format);
        response.Headers.Vary = "Accept, Accept-Encoding";
        if (!AcceptedFormat.TakesGzip(headers))
        {
            await _pages.Scrape(response.BodyWriter, format, context.RequestAborted);
            return;
        }

        response.Headers.ContentEncoding = "gzip";
        await using var gzip = new GZipStream(
            response.BodyWriter.AsStream(leaveOpen: true), CompressionLevel.Fastest, leaveOpen: true);
        var plain = PipeWriter.Create(gzip, new StreamPipeWriterOptions(leaveOpen: true));
        await _pages.Scrape(plain, format, context.RequestAborted);
        await plain.CompleteAsync();
    }

    private static async Task ShowAsync(HttpContext context, string page)
    {
        HttpResponse response = context.Response;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.Vary = "Accept-Encoding";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";

        // What web-config says of it is the operator's word.
        if (StringValues.IsNullOrEmpty(response.Headers.ContentSecurityPolicy))
        {
            response.Headers.ContentSecurityPolicy = StatusPage.SecurityPolicy;
        }

        byte[] bytes = Encoding.UTF8.GetBytes(page);
        if (!AcceptedFormat.TakesGzip(context.Request.Headers))
        {
            response.ContentLength = bytes.Length;
            await response.BodyWriter.WriteAsync(bytes, context.RequestAborted);
            return;
        }

        response.Headers.ContentEncoding = "gzip";
        await using var gzip = new GZipStream(
            response.BodyWriter.AsStream(leaveOpen: true), CompressionLevel.Fastest, leaveOpen: true);
        await gzip.WriteAsync(bytes, context.RequestAborted);
    }

    private static Task WriteTextAsync(HttpResponse response, HttpStatusCode status, string words)
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
