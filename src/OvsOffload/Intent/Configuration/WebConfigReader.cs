using System.Collections.Immutable;
using System.Security.Authentication;
using OvsOffload.Os;

namespace OvsOffload.Intent.Configuration;

/// <summary>
/// Reads a web configuration, as strictly as the configuration: all that is wrong is said, with line and column.
/// </summary>
internal static class WebConfigReader
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="ConfigurationException">It is absent, cannot be read, or is wrong.</exception>
    public static WebConfig Read(string path)
    {
        Reading<byte[]> content = LiveFiles.Instance.Bytes(path, ConfigurationText.MaxBytes);
        return content.IsKnown
            ? Parse(path, content.Value)
            : throw new ConfigurationException(
                [new ConfigurationError(SourcePosition.WholeFile(path), $"cannot be read: {content.WhyOf(path)}")]);
    }

    /// <summary>
    /// Reads a file's content. An empty one is allowed, as in the exporter-toolkit: it asks for nothing.
    /// </summary>
    /// <param name="file">The name for messages; paths in the file are relative to its folder.</param>
    /// <param name="content">UTF-8, at most 1 MiB.</param>
    /// <exception cref="ConfigurationException">It is wrong.</exception>
    public static WebConfig Parse(string file, ReadOnlySpan<byte> content)
    {
        if (IsEmpty(content))
        {
            return new WebConfig();
        }

        var problems = new Problems();
        ConfigurationNode root = ConfigurationTree.Read(file, ConfigurationText.Decode(file, content));
        WebConfig config = new();
        if (root is MappingNode mapping)
        {
            var reader = new SectionReader(WebConfigKeys.Section, mapping, path: "", problems);
            config = new WebConfig
            {
                Tls = reader.ReadSection(WebConfigKeys.Tls, tls => new TlsReader(file, tls, problems).Read())?.Tls,
                Headers = reader.ReadSection(WebConfigKeys.Http, ReadHeaders)?.Headers ?? [],
                Users = reader.ReadNamed(WebConfigKeys.BasicAuthUsers, known: null).ToImmutableDictionary(),
            };
        }
        else
        {
            problems.NotAllowed(root, "the file", "a mapping", "It needs tls_server_config, basic_auth_users or both");
        }

        problems.ThrowIfAny();
        return config;
    }

    /// <summary>Nothing but blank lines and comments.</summary>
    private static bool IsEmpty(ReadOnlySpan<byte> content)
    {
        foreach (Range line in content.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> text = content[line].Trim(" \r"u8);
            if (text.Length > 0 && text[0] != (byte)'#')
            {
                return false;
            }
        }

        return true;
    }

    private static HttpPart ReadHeaders(SectionReader reader)
    {
        reader.Read(WebConfigKeys.Http2);
        return new HttpPart([.. reader.ReadNamed(WebConfigKeys.Headers, WebConfigKeys.HeaderNames)]);
    }

    private sealed record HttpPart(ImmutableArray<KeyValuePair<string, string>> Headers);

    private sealed record TlsPart(WebTls? Tls);

    /// <summary>Reads the section of TLS, whose keys depend on each other.</summary>
    private sealed class TlsReader(string file, SectionReader reader, Problems problems)
    {
        private const string Path = "tls_server_config";

        private readonly SourceMap _source = reader.Source;

        public TlsPart Read()
        {
            Pem? certificate = ReadPem(WebConfigKeys.Cert, WebConfigKeys.CertFile);
            Pem? key = ReadPem(WebConfigKeys.PrivateKey, WebConfigKeys.KeyFile);
            Pem? authorities = ReadPem(WebConfigKeys.ClientCa, WebConfigKeys.ClientCaFile);
            ClientCertificates clients = reader.Read(WebConfigKeys.ClientAuthType);
            ImmutableArray<string> names = [.. reader.Read(WebConfigKeys.ClientAllowedSans)];
            SslProtocols least = reader.Read(WebConfigKeys.MinVersion), most = reader.Read(WebConfigKeys.MaxVersion);
            reader.Read(WebConfigKeys.PreferServerCipherSuites);
            bool verifies = clients is ClientCertificates.VerifyIfGiven or ClientCertificates.RequireAndVerify;
            if (certificate is null != key is null)
            {
                Wrong(_source.Section, certificate is null
                    ? "there is a key but no certificate; set cert_file"
                    : "there is a certificate but no key; set key_file");
            }

            if (verifies && authorities is null)
            {
                Wrong(
                    Position(WebConfigKeys.ClientAuthType),
                    "client certificates are verified but there is no CA; set client_ca_file");
            }

            if (!verifies && (authorities is not null || !names.IsEmpty))
            {
                Wrong(
                    authorities?.Position ?? Position(WebConfigKeys.ClientAllowedSans),
                    "no effect: client certificates are not verified; set client_auth_type: "
                        + "RequireAndVerifyClientCert");
            }

            if (least > most)
            {
                Wrong(Position(WebConfigKeys.MaxVersion), "max_version is lower than min_version");
            }

            // As in the exporter-toolkit, a section without a certificate asks for no TLS; one that asks for clients'
            // certificates would then let everybody in.
            if (certificate is null && key is null && clients != ClientCertificates.None)
            {
                Wrong(
                    Position(WebConfigKeys.ClientAuthType),
                    "no certificate, so no TLS; set cert_file and key_file");
            }

            return new TlsPart(certificate is null || key is null ? null : new WebTls
            {
                Certificate = certificate,
                Key = key,
                ClientCertificates = clients,
                ClientAuthorities = authorities,
                AllowedNames = names,
                Protocols = least == most ? least : SslProtocols.Tls12 | SslProtocols.Tls13,
            });
        }

        private Pem? ReadPem(Key<string?> textKey, Key<string?> fileKey)
        {
            string? text = reader.Read(textKey), path = reader.Read(fileKey);
            if (text is not null && path is not null)
            {
                Wrong(Position(fileKey), $"{textKey.Name} is also set; remove one of them");
            }

            string folder = global::System.IO.Path.GetDirectoryName(global::System.IO.Path.GetFullPath(file)) ?? "/";
            return text is not null ? new Pem(text, null, Position(textKey))
                : path is not null
                ? new Pem(null, global::System.IO.Path.Combine(folder, path), Position(fileKey))
                : null;
        }

        private SourcePosition Position<T>(Key<T> key) => _source[key.Name];

        private void Wrong(SourcePosition position, string message) => problems.Add(position, $"{Path}: {message}");
    }
}
