using System.Collections.Immutable;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using OvsOffload.Intent;
using OvsOffload.Intent.Configuration;
using OvsOffload.Service;

namespace OvsOffload.Tests.Service;

/// <summary>TLS, clients' certificates and passwords, with the real server.</summary>
public sealed class WebAccessTests : IAsyncLifetime
{
    /// <summary>Of <see cref="Password"/>; the least cost, for the tests' sake.</summary>
    private const string Hash = "$2y$04$abcdefghijklmnopqrstuuqJbFBQPmEuBpYWIGZrYwVfOkXZdOhCm";

    private const string Password = "été";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ovs-offload-web-");
    private readonly FakeTime _time = new();
    private readonly List<string> _log = [];
    private readonly TestAuthority _authority = new("Test CA");
    private MetricsServer? _server;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        (string certificate, string key) = _authority.Issue("localhost");
        Write("server.pem", certificate);
        Write("server.key", key);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await (_server?.DisposeAsync() ?? ValueTask.CompletedTask);
        _authority.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task With_a_certificate_everything_is_TLS()
    {
        await StartAsync(Tls());
        Assert.Equal(HttpStatusCode.OK, await GetAsync());
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => GetAsync(scheme: "http"));
    }

    [Fact]
    public async Task A_certificate_that_was_renewed_is_used_without_a_restart()
    {
        await StartAsync(Tls());
        Assert.Equal("CN=localhost", await SubjectAsync());
        (string certificate, string key) = _authority.Issue("renewed");
        Write("server.pem", certificate);
        Write("server.key", key);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("CN=renewed", await SubjectAsync());
    }

    [Fact]
    public async Task A_broken_change_is_said_and_what_was_in_force_stays()
    {
        await StartAsync($"{Tls()}basic_auth_users:\n  prometheus: {Hash}\n");
        Write("web.yaml", "basic_auth_userz: {}\n");
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync());
        Assert.Equal(HttpStatusCode.OK, await GetAsync("prometheus", Password));
        Assert.Contains(_log, line => line.Contains("web.yaml:1:1: unknown key", StringComparison.Ordinal));
        int said = _log.Count;
        _time.Advance(TimeSpan.FromSeconds(2));
        await GetAsync();
        Assert.Equal(said, _log.Count);
    }

    [Fact]
    public async Task TLS_is_not_switched_off_by_a_change()
    {
        await StartAsync(Tls());
        Write("web.yaml", "");
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(HttpStatusCode.OK, await GetAsync());
        Assert.Contains(_log, line => line.Contains("needs a restart", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Only_the_right_user_with_the_right_password_passes()
    {
        await StartAsync($"basic_auth_users:\n  prometheus: {Hash}\n");
        for (int round = 0; round < 2; round++)
        {
            Assert.Equal(HttpStatusCode.OK, await GetAsync("prometheus", Password, "http"));
            Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync("prometheus", "wrong", "http"));
            Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync("nobody", Password, "http"));
            Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(scheme: "http"));
            Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(path: "/healthz", scheme: "http"));
        }
    }

    [Fact]
    public async Task A_user_who_was_taken_out_is_out()
    {
        await StartAsync($"basic_auth_users:\n  prometheus: {Hash}\n  other: {Hash}\n");
        Assert.Equal(HttpStatusCode.OK, await GetAsync("prometheus", Password, "http"));
        Write("web.yaml", $"basic_auth_users:\n  other: {Hash}\n");
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync("prometheus", Password, "http"));
    }

    [Fact]
    public async Task Wrong_passwords_beyond_those_that_are_compared_are_turned_away_at_once()
    {
        using var passwords = new BasicAuthentication();
        var users = new Dictionary<string, string>
        {
            ["a"] = "$2b$10$abcdefghijklmnopqrstuu3KWNuWLhBnmgYfnzONPueahDuedC/lu",
        };
        Task<Credentials>[] all =
        [
            .. Enumerable.Range(0, 40).Select(i => passwords.CheckAsync(
                users.ToImmutableDictionary(), Header("a", $"wrong{i}"), IPAddress.Loopback, Token)),
        ];
        Credentials[] results = await Task.WhenAll(all);
        Assert.Contains(Credentials.Busy, results);
        Assert.Contains(Credentials.Bad, results);
        Assert.DoesNotContain(Credentials.Good, results);
    }

    [Theory]
    [InlineData("203.0.113.1", "198.51.100.1")]
    [InlineData("2001:db8::1", "2001:db8:0:1::1")]
    public async Task Strangers_who_try_passwords_do_not_lock_out_the_right_one(string stranger, string client)
    {
        using var passwords = new BasicAuthentication();
        ImmutableDictionary<string, string> users = ImmutableDictionary<string, string>.Empty.Add(
            "a", "$2b$10$abcdefghijklmnopqrstuu3KWNuWLhBnmgYfnzONPueahDuedC/lu").Add("prometheus", Hash);
        Task<Credentials>[] tries =
        [
            .. Enumerable.Range(0, 40).Select(i => passwords.CheckAsync(
                users, Header("a", $"wrong{i}"), Neighbour(IPAddress.Parse(stranger), i), Token)),
        ];

        Credentials right = await passwords.CheckAsync(
            users, Header("prometheus", Password), IPAddress.Parse(client), Token);

        Assert.Equal(Credentials.Good, right);
        Assert.Equal(2, (await Task.WhenAll(tries)).Count(one => one == Credentials.Bad));

        static IPAddress Neighbour(IPAddress address, int i)
        {
            byte[] bytes = address.GetAddressBytes();
            bytes[^1] += (byte)(bytes.Length == 16 ? i : 0);
            return new IPAddress(bytes);
        }
    }

    /// <summary>With the program's former one, of cost 10, it was 64 times as much, or 16 times.</summary>
    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public async Task A_user_that_there_is_not_costs_what_one_costs_that_there_is(int cost)
    {
        ImmutableDictionary<string, string> users = ImmutableDictionary<string, string>.Empty.Add(
            "a", $"$2b${cost:00}$abcdefghijklmnopqrstuu3KWNuWLhBnmgYfnzONPueahDuedC/lu");
        TimeSpan known = await TimeAsync(users, "a"), unknown = await TimeAsync(users, "nobody");

        Assert.InRange(unknown / known, 0.25, 4);
    }

    /// <summary>The shortest of some tries: what a busy machine adds is not the hash's.</summary>
    private static async Task<TimeSpan> TimeAsync(ImmutableDictionary<string, string> users, string user)
    {
        using var passwords = new BasicAuthentication();
        TimeSpan shortest = TimeSpan.MaxValue;
        for (int i = 0; i < 20; i++)
        {
            long begun = TimeProvider.System.GetTimestamp();
            Assert.Equal(
                Credentials.Bad, await passwords.CheckAsync(users, Header(user, $"{i}"), IPAddress.Loopback, Token));
            TimeSpan took = TimeProvider.System.GetElapsedTime(begun);
            shortest = took < shortest ? took : shortest;
        }

        return shortest;
    }

    [Theory]
    [InlineData("RequireAndVerifyClientCert", "", true, true)]
    [InlineData("RequireAndVerifyClientCert", "", null, false)]
    [InlineData("RequireAndVerifyClientCert", "", false, false)]
    [InlineData("VerifyClientCertIfGiven", "", null, true)]
    [InlineData("VerifyClientCertIfGiven", "", false, false)]
    [InlineData("RequireAndVerifyClientCert", "scraper", true, true)]
    [InlineData("RequireAndVerifyClientCert", "another", true, false)]
    public async Task Clients_certificates_are_asked_for_as_the_file_says(
        string type, string name, bool? good, bool passes)
    {
        Write("ca.pem", _authority.Certificate);
        string names = name.Length > 0 ? $"  client_allowed_sans: [{name}]\n" : "";
        await StartAsync($"{Tls()}  client_auth_type: {type}\n  client_ca_file: ca.pem\n{names}");
        using var stranger = new TestAuthority("Stranger");
        (string Certificate, string Key)? client =
            good is null ? null : (good.Value ? _authority : stranger).Issue("scraper");
        if (passes)
        {
            Assert.Equal(HttpStatusCode.OK, await GetAsync(client: client));
        }
        else
        {
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => GetAsync(client: client));
        }
    }

    [Fact]
    public async Task A_client_that_speaks_no_TLS_or_an_old_one_is_cut_off_and_the_next_one_is_served()
    {
        await StartAsync($"{Tls()}  min_version: TLS13\n");
        int port = new Uri(_server!.Url).Port;
        string[] openings =
        [
            "GET /metrics HTTP/1.1\r\n\r\n", "\u0016\u0003\u0001\u0002\0\u0001\0\u0001ü\u0003\u0003",
            "\u0016\u0003\u0001\u00ff\u00ff",
        ];
        foreach (string opening in openings)
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(IPAddress.Loopback, port, Token);
            await socket.GetStream().WriteAsync(Encoding.Latin1.GetBytes(opening), Token);
            Assert.Equal(HttpStatusCode.OK, await GetAsync());
        }

        await Assert.ThrowsAnyAsync<Exception>(() => SubjectAsync(SslProtocols.Tls12));
        Assert.Equal(HttpStatusCode.OK, await GetAsync());
    }

    [Fact]
    public void A_key_of_another_certificate_is_refused_with_its_place()
    {
        Write("server.key", _authority.Issue("other").Key);
        Write("web.yaml", Tls());
        ConfigurationException failure = Assert.Throws<ConfigurationException>(() => WebAccess.Read(At("web.yaml")));
        Assert.Contains("web.yaml:3:13: ", failure.Message);
        Assert.Contains("not the PEM private key", failure.Message);
    }

    private static string Tls() => "tls_server_config:\n  cert_file: server.pem\n  key_file: server.key\n";

    private static string Header(string user, string password) =>
        "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private void Write(string name, string text)
    {
        File.WriteAllText(At(name), text);

        // Two changes within the clock's grain of the file system would look like one.
        File.SetLastWriteTimeUtc(
            At(name), DateTime.UtcNow.AddMilliseconds(_log.Count + Random.Shared.Next(1, 100_000)));
    }

    private async Task StartAsync(string config)
    {
        Write("web.yaml", config);
        _server = await MetricsServer.StartAsync(
            new ListenAddress(IPAddress.Loopback, 0),
            new MetricsPages((_, _, _) => Task.CompletedTask, () => []),
            new WebAccessStore(At("web.yaml"), (_, line) => _log.Add(line), _time),
            Token);
    }

    private async Task<HttpStatusCode> GetAsync(
        string? user = null,
        string? password = null,
        string scheme = "https",
        string path = "/metrics",
        (string Certificate, string Key)? client = null)
    {
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback =
            (_, certificate, _, _) => _authority.Issued(certificate);
        if (client is var (certificate, key))
        {
            handler.SslOptions.ClientCertificates = [X509Certificate2.CreateFromPem(certificate, key)];
            handler.SslOptions.LocalCertificateSelectionCallback =
                (_, _, all, _, _) => all[0];
        }

        using var http = new HttpClient(handler);
        var request = new HttpRequestMessage(
            HttpMethod.Get, $"{scheme}://127.0.0.1:{new Uri(_server!.Url).Port}{path}");
        if (user is not null)
        {
            request.Headers.Add("Authorization", Header(user, password!));
        }

        using HttpResponseMessage response = await http.SendAsync(request, Token);
        return response.StatusCode;
    }

    private async Task<string?> SubjectAsync(SslProtocols protocols = SslProtocols.None)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, new Uri(_server!.Url).Port, Token);
        await using var tls = new SslStream(socket.GetStream());
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                EnabledSslProtocols = protocols,
                RemoteCertificateValidationCallback = (_, certificate, _, _) => _authority.Issued(certificate),
            },
            Token);
        return tls.RemoteCertificate?.Subject;
    }
}
