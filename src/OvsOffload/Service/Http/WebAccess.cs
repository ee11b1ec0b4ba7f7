using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OvsOffload.Intent;
using OvsOffload.Intent.Configuration;
using OvsOffload.Os;

namespace OvsOffload.Service;

/// <summary>A web configuration with its certificates, ready for use.</summary>
internal sealed class WebAccess
{
    private readonly ClientCertificatePolicy? _clients;

    private WebAccess(WebConfig config, SslStreamCertificateContext? certificate, ClientCertificatePolicy? clients)
    {
        (Config, Certificate, _clients) = (config, certificate, clients);
    }

    /// <summary>Plain HTTP for everybody who can connect.</summary>
    public static WebAccess Open { get; } = new(new WebConfig(), null, null);

    /// <summary>What is configured.</summary>
    public WebConfig Config { get; }

    /// <summary>The server's certificate with its chain; null without TLS.</summary>
    public SslStreamCertificateContext? Certificate { get; }

    /// <summary>Reads a web configuration and what it names.</summary>
    /// <param name="file">The file.</param>
    /// <exception cref="ConfigurationException">Something in it is wrong, or cannot be read.</exception>
    public static WebAccess Read(string file) => Of(WebConfigReader.Read(file));

    /// <summary>Reads the certificates.</summary>
    /// <exception cref="ConfigurationException">One is no certificate, or not of its key.</exception>
    public static WebAccess Of(WebConfig config)
    {
        if (config.Tls is not { } tls)
        {
            return new WebAccess(config, null, null);
        }

        X509Certificate2Collection chain = Certificates(tls.Certificate);
        string key = Text(tls.Key);
        X509Certificate2 leaf;
        try
        {
            leaf = X509Certificate2.CreateFromPem(chain[0].ExportCertificatePem(), key);
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException)
        {
            throw Wrong(tls.Key, $"not the PEM private key of the certificate: {failure.Message}");
        }

        var intermediates = new X509Certificate2Collection(chain.Skip(1).ToArray());
        ClientCertificatePolicy? clients = tls.ClientCertificates == ClientCertificates.None
            ? null
            : new ClientCertificatePolicy(
                tls.ClientCertificates,
                tls.ClientAuthorities is { } authorities ? Certificates(authorities) : [],
                tls.AllowedNames);
        return new WebAccess(config, SslStreamCertificateContext.Create(leaf, intermediates, offline: true), clients);
    }

    /// <summary>What TLS is to do on one connection.</summary>
    /// <exception cref="InvalidOperationException">There is no TLS.</exception>
    public SslServerAuthenticationOptions Options() => new()
    {
        ServerCertificateContext = Certificate ?? throw new InvalidOperationException("no TLS is configured"),
        EnabledSslProtocols = Config.Tls!.Protocols,
        ClientCertificateRequired = _clients is not null,
        RemoteCertificateValidationCallback = _clients is null
            ? null
            : (_, certificate, _, _) => _clients.Accepts(certificate as X509Certificate2),
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        AllowRenegotiation = false,
        ApplicationProtocols = [SslApplicationProtocol.Http11],
    };

    /// <summary>Every file that it stands on, the configuration's own left out.</summary>
    public IEnumerable<string> Files() =>
        new[] { Config.Tls?.Certificate.File, Config.Tls?.Key.File, Config.Tls?.ClientAuthorities?.File }
            .OfType<string>();

    private static X509Certificate2Collection Certificates(Pem pem)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(Text(pem));
        }
        catch (CryptographicException failure)
        {
            throw Wrong(pem, $"damaged certificate: {failure.Message}");
        }

        return certificates.Count > 0 ? certificates : throw Wrong(pem, "no PEM certificate in it");
    }

    private static string Text(Pem pem)
    {
        if (pem.Text is { } text)
        {
            return text;
        }

        Reading<string> read = LiveFiles.Instance.Text(pem.File!);
        return read.IsKnown ? read.Value : throw Wrong(pem, $"cannot be read: {read.WhyOf(pem.File!)}");
    }

    private static ConfigurationException Wrong(Pem pem, string message) => new(
        [new ConfigurationError(pem.Position, pem.File is { } file ? $"{file}: {message}" : message)]);
}
