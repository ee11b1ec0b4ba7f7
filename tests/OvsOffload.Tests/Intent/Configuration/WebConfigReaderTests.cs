using System.Text;
using OvsOffload.Intent;
using OvsOffload.Intent.Configuration;
using OvsOffload.Tests.Fixtures;

namespace OvsOffload.Tests.Intent.Configuration;

public sealed class WebConfigReaderTests
{
    private const string Hash = "$2y$04$abcdefghijklmnopqrstuuqJbFBQPmEuBpYWIGZrYwVfOkXZdOhCm";

    private const string Whole =
        """
        tls_server_config:
          cert_file: server.pem
          key_file: /etc/ssl/private/server.key
          client_auth_type: RequireAndVerifyClientCert
          client_ca_file: ca.pem
          client_allowed_sans: [prometheus.example.org, "192.0.2.1"]
          min_version: TLS13
          prefer_server_cipher_suites: true
        http_server_config:
          http2: false
          headers:
            X-Frame-Options: deny
        basic_auth_users:
          alice: $2y$04$abcdefghijklmnopqrstuuqJbFBQPmEuBpYWIGZrYwVfOkXZdOhCm
        """;

    [Fact]
    public void Every_option_is_read()
    {
        WebConfig config = Parse(Whole);
        Assert.Equal("/etc/ovs-offload/server.pem", config.Tls?.Certificate.File);
        Assert.Equal("/etc/ssl/private/server.key", config.Tls?.Key.File);
        Assert.Equal("/etc/ovs-offload/ca.pem", config.Tls?.ClientAuthorities?.File);
        Assert.Equal(ClientCertificates.RequireAndVerify, config.Tls?.ClientCertificates);
        Assert.Equal(["prometheus.example.org", "192.0.2.1"], config.Tls!.AllowedNames);
        Assert.Equal("Tls13", config.Tls.Protocols.ToString());
        Assert.Equal("deny", Assert.Single(config.Headers).Value);
        Assert.Equal(Hash, config.Users["alice"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n\n  # here\n")]
    [InlineData("tls_server_config: {}\n")]
    public void An_empty_file_means_plain_HTTP_without_authentication(string text)
    {
        WebConfig config = Parse(text);
        Assert.Null(config.Tls);
        Assert.Empty(config.Users);
    }

    [Theory]
    [InlineData("basic_auth_user: {}\n", "web.yaml:1:1: unknown key")]
    [InlineData("basic_auth_users:\n  a: s3cret\n", "web.yaml:2:6: basic_auth_users.a: not a hash")]
    [InlineData(
        "basic_auth_users:\n  a: $2y$31$abcdefghijklmnopqrstuuqJbFBQPmEuBpYWIGZrYwVfOkXZdOhCm\n", "its cost is 31")]
    [InlineData("basic_auth_users: [a]\n", "web.yaml:1:19: basic_auth_users: found a list")]
    [InlineData("basic_auth_users:\n  a: [s3cret]\n", "web.yaml:2:6: ")]
    [InlineData("tls_server_config:\n  cert_file: a.pem\n", "web.yaml:2:3: tls_server_config: there is a certificate "
        + "but no key")]
    [InlineData("tls_server_config:\n  cert_file: a\n  cert: b\n  key_file: c\n", "web.yaml:2:14: ")]
    [InlineData("tls_server_config:\n  cert_file: a\n  key_file: b\n  min_version: TLS11\n", "web.yaml:4:16: ")]
    [InlineData(
        "tls_server_config:\n  cert_file: a\n  key_file: b\n  min_version: TLS13\n  max_version: TLS12\n",
        "web.yaml:5:16: ")]
    [InlineData(
        "tls_server_config:\n  cert_file: a\n  key_file: b\n  client_auth_type: RequireAndVerifyClientCert\n", "there "
        + "is no CA")]
    [InlineData("tls_server_config:\n  cert_file: a\n  key_file: b\n  client_ca_file: c\n", "web.yaml:4:19: ")]
    [InlineData("tls_server_config:\n  client_auth_type: RequireAnyClientCert\n", "so no TLS")]
    [InlineData("tls_server_config:\n  cert_file: a\n  key_file: b\n  client_auth_type: Required\n", "web.yaml:4:21: ")]
    [InlineData("tls_server_config:\n  cipher_suites: []\n", "web.yaml:2:3: tls_server_config: unknown key")]
    [InlineData(
        "http_server_config:\n  headers:\n    Set-Cookie: x\n",
        "web.yaml:3:5: http_server_config.headers: unknown key")]
    [InlineData("http_server_config:\n  headers:\n    X-Frame-Options: \"a\\r\\nb\"\n", "web.yaml:3:22: ")]
    [InlineData("- a\n", "web.yaml:1:1: ")]
    public void A_mistake_is_reported_with_its_position(string text, string words) => Assert.Contains(
        words, Assert.Throws<ConfigurationException>(() => Parse(text)).Message);

    [Theory]
    [InlineData("basic_auth_users:\n  a: s3cret\n")]
    [InlineData("basic_auth_users:\n  a: [s3cret]\n")]
    public void A_password_in_the_place_of_a_hash_is_not_repeated(string text) => Assert.DoesNotContain(
        "s3cret", Assert.Throws<ConfigurationException>(() => Parse(text)).Message);

    [Fact]
    public void A_cut_or_damaged_file_is_read_or_refused_and_nothing_else()
    {
        byte[] whole = Encoding.UTF8.GetBytes(Whole);
        for (int cut = 0; cut < whole.Length; cut++)
        {
            Try(whole[..cut]);
        }

        Damage.Of(whole, most: 3, marks: "\n :-[]{}'\"#").Check(2_000, Try);

        static void Try(byte[] content)
        {
            try
            {
                Assert.NotNull(WebConfigReader.Parse("/etc/ovs-offload/web.yaml", content));
            }
            catch (ConfigurationException failure)
            {
                Assert.NotEmpty(failure.Errors);
            }
        }
    }

    private static WebConfig Parse(string text) =>
        WebConfigReader.Parse("/etc/ovs-offload/web.yaml", Encoding.UTF8.GetBytes(text));
}
