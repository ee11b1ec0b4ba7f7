using System.Collections.Immutable;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using OvsOffload.Intent;
using OvsOffload.Metrics;
using OvsOffload.Service;
using ExpositionFormat = Prometheus.ExpositionFormat;

namespace OvsOffload.Tests.Service;

public sealed class MetricsServerTests : IAsyncLifetime
{
    private static readonly ListenAddress FreePort = new(IPAddress.Loopback, 0);

    private readonly HttpClient _client = new();
    private ImmutableArray<string> _complaints = [];
    private Exporter? _exporter;
    private MetricsServer? _server;

    public async ValueTask InitializeAsync()
    {
        // It takes from no source.
        var build = new Collector(BuildCollector.Declaration, sources: null!);
        _exporter = new Exporter([build], _ => true, (_, _) => { }, new ExporterOptions(), TimeProvider.System);
        _server = await MetricsServer.StartAsync(
            FreePort, new MetricsPages(_exporter.ScrapeAsync, () => _complaints), Plain,
            TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server!.DisposeAsync();
        _exporter!.Dispose();
    }

    [Fact]
    public async Task A_scrape_gives_the_exposition()
    {
        using HttpResponseMessage response = await SendAsync(HttpMethod.Get, "/metrics");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Contains(
            "ovs_offload_collector_success{collector=\"build\"} 1\n",
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_scraper_that_takes_OpenMetrics_gets_it_to_its_end()
    {
        using HttpResponseMessage response = await SendAsync(
            HttpMethod.Get, "/metrics", ("Accept", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5"));
        Assert.Equal(
            "application/openmetrics-text; version=1.0.0; charset=utf-8",
            response.Content.Headers.ContentType?.ToString());
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.EndsWith("\n# EOF\n", text);
        Assert.Contains("# TYPE ovs_offload_build_info gauge\n", text);
    }

    [Fact]
    public async Task A_scraper_that_takes_gzip_gets_the_same_compressed()
    {
        using HttpResponseMessage response =
            await SendAsync(HttpMethod.Get, "/metrics", ("Accept-Encoding", "gzip;q=0.5"));
        Assert.Equal(["gzip"], response.Content.Headers.ContentEncoding);
        await using Stream body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        await using var plain = new GZipStream(body, CompressionMode.Decompress);
        using var reader = new StreamReader(plain);
        Assert.Contains(
            "ovs_offload_collector_success{collector=\"build\"} 1\n",
            await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task HEAD_is_answered_without_a_body()
    {
        using HttpResponseMessage response = await SendAsync(HttpMethod.Head, "/metrics");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Other_methods_are_refused()
    {
        using HttpResponseMessage response = await SendAsync(HttpMethod.Post, "/metrics");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["GET", "HEAD"], response.Content.Headers.Allow);
    }

    [Fact]
    public async Task Other_paths_are_not_found_and_the_server_does_not_say_what_it_is()
    {
        using HttpResponseMessage response = await SendAsync(HttpMethod.Get, "/admin");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Empty(response.Headers.Server);
    }

    [Fact]
    public async Task Health_is_ok_or_says_what_is_wrong()
    {
        using HttpResponseMessage good = await SendAsync(HttpMethod.Get, "/healthz");
        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
        _complaints = ["reconcile loop: reading for 300 s without progress"];
        using HttpResponseMessage bad = await SendAsync(HttpMethod.Get, "/healthz");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, bad.StatusCode);
        Assert.Equal(
            "reconcile loop: reading for 300 s without progress\n",
            await bad.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_request_with_huge_headers_is_turned_away()
    {
        string header = new('x', 20_000);
        Assert.StartsWith("HTTP/1.1 431", await SendRawAsync($"GET /metrics HTTP/1.1\r\nX: {header}\r\n\r\n"));
        Assert.StartsWith("HTTP/1.1 414", await SendRawAsync($"GET /{new string('x', 5000)} HTTP/1.1\r\n\r\n"));
    }

    [Fact]
    public async Task An_address_in_use_is_said_in_words()
    {
        int port = new Uri(_server!.Url).Port;
        ServiceException failure = await Assert.ThrowsAsync<ServiceException>(() => MetricsServer.StartAsync(
            new ListenAddress(IPAddress.Loopback, port), new MetricsPages(NoScrape, () => []), Plain,
            TestContext.Current.CancellationToken));
        Assert.Contains($"cannot listen on 127.0.0.1:{port}", failure.Message);
    }

    private static WebAccessStore Plain => new(null, (_, _) => { }, TimeProvider.System);

    private static Task NoScrape(PipeWriter output, ExpositionFormat format, CancellationToken cancellation) =>
        Task.CompletedTask;

    private Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, _server!.Url + path);
        foreach ((string name, string value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        return _client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private async Task<string> SendRawAsync(string request)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, new Uri(_server!.Url).Port, cancellation);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), cancellation);
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadLineAsync(cancellation) ?? "";
    }
}
