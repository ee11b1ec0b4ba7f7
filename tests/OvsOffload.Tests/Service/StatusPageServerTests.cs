using System.IO.Compression;
using System.IO.Pipelines;
using System.Net;
using OvsOffload.Intent;
using OvsOffload.Page;
using OvsOffload.Service;
using OvsOffload.Tests.Page;
using ExpositionFormat = Prometheus.ExpositionFormat;

namespace OvsOffload.Tests.Service;

public sealed class StatusPageServerTests : IAsyncLifetime
{
    private readonly HttpClient _client = new();
    private MetricsServer? _server;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await ServeAsync("bonded", 0);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server!.DisposeAsync();
    }

    [Fact]
    public async Task The_page_is_served_with_a_policy_that_allows_nothing_but_its_own_style()
    {
        using HttpResponseMessage response = await _client.GetAsync(_server!.Url + "/", Token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/html; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        string policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none';", policy);
        Assert.Contains("frame-ancestors 'none'", policy);
        Assert.DoesNotContain("unsafe", policy);
        Assert.Equal(["nosniff"], response.Headers.GetValues("X-Content-Type-Options"));
        Assert.Equal(StatusPage.Of(StatusPageTests.View("bonded")), await response.Content.ReadAsStringAsync(Token));
    }

    [Fact]
    public async Task HEAD_has_its_headers_and_no_body()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, _server!.Url + "/");
        using HttpResponseMessage response = await _client.SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(Token));
    }

    [Fact]
    public async Task The_page_accepts_no_input()
    {
        using HttpResponseMessage response = await _client.PostAsync(_server!.Url + "/", null, Token);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
    }

    [Fact]
    public async Task A_browser_that_takes_gzip_gets_the_same_compressed()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _server!.Url + "/");
        request.Headers.Add("Accept-Encoding", "gzip");
        using HttpResponseMessage response = await _client.SendAsync(request, Token);

        Assert.Equal(["gzip"], response.Content.Headers.ContentEncoding);
        await using var plain = new GZipStream(
            await response.Content.ReadAsStreamAsync(Token), CompressionMode.Decompress);
        using var reader = new StreamReader(plain);
        Assert.EndsWith("</html>\n", await reader.ReadToEndAsync(Token));
    }

    /// <summary>For tests/page/run: serves every sample until a file is gone.</summary>
    [Fact(Explicit = true)]
    public async Task Serves_the_pages_of_the_browser_check()
    {
        string until = Environment.GetEnvironmentVariable("OVS_OFFLOAD_PAGE_UNTIL")
            ?? throw new InvalidOperationException("OVS_OFFLOAD_PAGE_UNTIL names no file");
        string[] names = ["bonded", "big", "legacy", "no-eswitch", "bare", "unread"];
        var servers = new List<MetricsServer>();
        var urls = new List<string>();
        foreach (string name in names)
        {
            MetricsServer server = await ServeAsync(name, 0);
            servers.Add(server);
            urls.Add($"{name} {server.Url}/");
        }

        await File.WriteAllLinesAsync(until, urls, Token);
        while (File.Exists(until))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), Token);
        }

        foreach (MetricsServer server in servers)
        {
            await server.DisposeAsync();
        }

        Assert.Equal(names.Length, urls.Count);
    }

    private static Task<MetricsServer> ServeAsync(string name, int port) => MetricsServer.StartAsync(
        new ListenAddress(IPAddress.Loopback, port),
        new MetricsPages(NoScrape, () => []) { Status = () => StatusPage.Of(StatusPageTests.View(name)) },
        new WebAccessStore(null, (_, _) => { }, TimeProvider.System),
        Token);

    private static Task NoScrape(PipeWriter output, ExpositionFormat format, CancellationToken cancellation) =>
        Task.CompletedTask;
}
