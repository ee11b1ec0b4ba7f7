using System.Collections.Immutable;
using System.Security.Authentication;

namespace OvsOffload.Intent;

/// <summary>
/// Who may read the metrics and how, in the form of Prometheus' exporter-toolkit (docs/web-configuration.md there).
/// </summary>
internal sealed record WebConfig
{
    /// <summary>Key <c>tls_server_config</c>; null serves plain HTTP.</summary>
    public WebTls? Tls { get; init; }

    /// <summary>Key <c>http_server_config.headers</c>: sent with every answer.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>
    /// Key <c>basic_auth_users</c>: bcrypt hashes by user; empty lets everybody in who can connect.
    /// </summary>
    public ImmutableDictionary<string, string> Users { get; init; } = ImmutableDictionary<string, string>.Empty;
}

/// <summary>TLS of the server.</summary>
internal sealed record WebTls
{
    /// <summary>Keys <c>cert</c> and <c>cert_file</c>: the certificate, and those between it and its root.</summary>
    public required Pem Certificate { get; init; }

    /// <summary>Keys <c>key</c> and <c>key_file</c>: the private key.</summary>
    public required Pem Key { get; init; }

    /// <summary>Key <c>client_auth_type</c>.</summary>
    public ClientCertificates ClientCertificates { get; init; }

    /// <summary>Keys <c>client_ca</c> and <c>client_ca_file</c>: whose client certificates are good.</summary>
    public Pem? ClientAuthorities { get; init; }

    /// <summary>
    /// Key <c>client_allowed_sans</c>: a client's certificate has to have one of these names; empty allows any name.
    /// </summary>
    public ImmutableArray<string> AllowedNames { get; init; } = [];

    /// <summary>Keys <c>min_version</c> and <c>max_version</c>.</summary>
    public SslProtocols Protocols { get; init; } = SslProtocols.Tls12 | SslProtocols.Tls13;
}

/// <summary>A text in PEM, or the file that holds it.</summary>
/// <param name="Text">The text; null where it is in a file.</param>
/// <param name="File">The absolute path; null where the text is given.</param>
/// <param name="Position">Where that stands.</param>
internal sealed record Pem(string? Text, string? File, SourcePosition Position);

/// <summary>What is asked of clients, in the words of Go's crypto/tls.</summary>
internal enum ClientCertificates
{
    /// <summary><c>NoClientCert</c>: none is asked for.</summary>
    None,

    /// <summary><c>RequestClientCert</c>: one is asked for; neither its absence nor what it is matters.</summary>
    Request,

    /// <summary><c>RequireAnyClientCert</c>: there has to be one; it may be anybody's.</summary>
    RequireAny,

    /// <summary><c>VerifyClientCertIfGiven</c>: one that is there has to be good.</summary>
    VerifyIfGiven,

    /// <summary><c>RequireAndVerifyClientCert</c>: there has to be a good one.</summary>
    RequireAndVerify,
}
