using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Security.Authentication;

namespace OvsOffload.Intent.Configuration;

/// <summary>The keys of a web configuration, as Prometheus' exporter-toolkit names them.</summary>
internal static class WebConfigKeys
{
    /// <summary>More than any server has names for its clients.</summary>
    private const int MaxNames = 100;

    private static readonly ValueKind<string?> AnyText = new ScalarKind<string?>(
        "a text", scalar => scalar.IsEmpty ? new Wrong() : scalar.Text, text => text);

    private static readonly ValueKind<string?> FilePath = new ScalarKind<string?>(
        "the path of a file, absolute or relative to this file",
        scalar => scalar.IsEmpty || scalar.Text.Any(char.IsControl) ? new Wrong() : scalar.Text,
        path => path);

    private static readonly ValueKind<SslProtocols> Version = new ScalarKind<SslProtocols>(
        "TLS12 or TLS13",
        scalar => scalar.Text switch
        {
            "TLS12" => SslProtocols.Tls12,
            "TLS13" => SslProtocols.Tls13,
            "TLS10" or "TLS11" => new Wrong("It is insecure and not supported (RFC 8996)"),
            _ => new Wrong(),
        },
        version => version == SslProtocols.Tls12 ? "TLS12" : "TLS13");

    public static Key<string?> Cert { get; } = new("cert", AnyText, null, "The certificate chain, PEM.");

    public static Key<string?> CertFile { get; } = new("cert_file", FilePath, null, "A file with the same.");

    public static Key<string?> PrivateKey { get; } = new("key", AnyText, null, "The private key, PEM.");

    public static Key<string?> KeyFile { get; } = new("key_file", FilePath, null, "A file with the same.");

    public static Key<ClientCertificates> ClientAuthType { get; } = new(
        "client_auth_type",
        ScalarKinds.OneOf(
            ("NoClientCert", ClientCertificates.None),
            ("RequestClientCert", ClientCertificates.Request),
            ("RequireAnyClientCert", ClientCertificates.RequireAny),
            ("VerifyClientCertIfGiven", ClientCertificates.VerifyIfGiven),
            ("RequireAndVerifyClientCert", ClientCertificates.RequireAndVerify)),
        ClientCertificates.None,
        "Whether clients need a certificate.");

    public static Key<string?> ClientCa { get; } = new(
        "client_ca", AnyText, null, "CA certificates of allowed clients, PEM.");

    public static Key<string?> ClientCaFile { get; } = new("client_ca_file", FilePath, null, "A file with the same.");

    public static Key<IReadOnlyList<string>> ClientAllowedSans { get; } = new(
        "client_allowed_sans",
        new ListKind<string>("names", ScalarKinds.Text<string>(
            "a DNS name, address or URI", text => text.Length > 0 ? text : new Wrong(), text => text), 1, MaxNames),
        [],
        "Allowed names in client certificates; one has to match.");

    public static Key<SslProtocols> MinVersion { get; } = new(
        "min_version", Version, SslProtocols.Tls12, "Minimum TLS version.");

    public static Key<SslProtocols> MaxVersion { get; } = new(
        "max_version", Version, SslProtocols.Tls13, "Maximum TLS version.");

    /// <summary>Go has ignored it since 1.17, and so does this program: files that state it are in use.</summary>
    public static Key<bool> PreferServerCipherSuites { get; } = new(
        "prefer_server_cipher_suites", ScalarKinds.Boolean, true, "No effect.");

    public static Section Tls { get; } = new(
        "tls_server_config",
        "TLS settings; without them plain HTTP.",
        [
            Cert, CertFile, PrivateKey, KeyFile, ClientAuthType, ClientCa, ClientCaFile, ClientAllowedSans, MinVersion,
            MaxVersion, PreferServerCipherSuites,
        ]);

    /// <summary>Only HTTP/1.1 is spoken here; files that allow or forbid more are in use.</summary>
    public static Key<bool> Http2 { get; } = new("http2", ScalarKinds.Boolean, true, "No effect.");

    public static NamedValues<string> Headers { get; } = new(
        "headers", "the name of a header", ScalarKinds.Text<string>(
            "a text in ASCII without control characters",
            text => text.All(character => character is >= ' ' and <= '~') ? text : new Wrong(),
            text => text),
        "HTTP headers of every response.");

    /// <summary>Those that the exporter-toolkit allows.</summary>
    public static ImmutableArray<string> HeaderNames { get; } =
    [
        "Content-Security-Policy", "Strict-Transport-Security", "X-Content-Type-Options", "X-Frame-Options",
        "X-XSS-Protection",
    ];

    public static Section Http { get; } = new("http_server_config", "HTTP.", [Http2, Headers]);

    public static NamedValues<string> BasicAuthUsers { get; } = new(
        "basic_auth_users", "the name of a user", new BcryptKind(),
        "Users and the bcrypt hashes of their passwords.");

    public static Section Section { get; } = new("", "A web configuration.", [Tls, Http, BasicAuthUsers]);

    /// <summary>A hash; what stands in its place may be a password, so no message repeats it.</summary>
    private sealed class BcryptKind() : ValueKind<string>(
        $"a bcrypt hash ($2a$, $2b$ or $2y$) of cost {BcryptHash.MinCost} to {BcryptHash.MaxCost}, as "
            + "htpasswd -nBC 10 prints")
    {
        public override bool TryRead(
            ConfigurationNode node, string path, Problems problems, [MaybeNullWhen(false)] out string value)
        {
            value = (node as ScalarNode)?.Text;
            if (BcryptHash.FindError(value ?? "") is not { } complaint)
            {
                return value is not null;
            }

            problems.Add(node.Position, $"{path}: {complaint}; allowed: {Allowed}");
            return false;
        }

        public override string? Format(string value) => value;
    }
}
