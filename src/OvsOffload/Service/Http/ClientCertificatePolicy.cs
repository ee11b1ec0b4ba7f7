using System.Collections.Immutable;
using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OvsOffload.Intent;

namespace OvsOffload.Service;

/// <summary>Which clients' certificates are let in.</summary>
/// <param name="asked">What is asked of clients.</param>
/// <param name="authorities">Whose certificates are good.</param>
/// <param name="names">Names of which a certificate has to have one; empty for any.</param>
internal sealed class ClientCertificatePolicy(
    ClientCertificates asked, X509Certificate2Collection authorities, ImmutableArray<string> names)
{
    /// <summary>id-kp-clientAuth, RFC 5280 section 4.2.1.12.</summary>
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    /// <summary>id-ce-subjectAltName, RFC 5280 section 4.2.1.6.</summary>
    private const string AlternativeNames = "2.5.29.17";

    /// <summary>GeneralName's tags in the same section: rfc822Name, dNSName, uniformResourceIdentifier.</summary>
    private static readonly ImmutableArray<int> TextTags = [1, 2, 6];

    /// <summary>GeneralName's tag of an address.</summary>
    private const int AddressTag = 7;

    /// <summary>Whether a client is let in.</summary>
    /// <param name="certificate">Its certificate; null when it sent none.</param>
    public bool Accepts(X509Certificate2? certificate) => asked switch
    {
        ClientCertificates.None or ClientCertificates.Request => true,
        ClientCertificates.RequireAny => certificate is not null,
        ClientCertificates.VerifyIfGiven => certificate is null || IsTrusted(certificate),
        _ => certificate is not null && IsTrusted(certificate),
    };

    private bool IsTrusted(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        return chain.Build(certificate) && (names.IsEmpty || NamesOf(certificate).Any(names.Contains));
    }

    private static List<string> NamesOf(X509Certificate2 certificate)
    {
        var found = new List<string>();
        if (certificate.Extensions[AlternativeNames] is not { } extension)
        {
            return found;
        }

        try
        {
            AsnReader all = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
            while (all.HasData)
            {
                Asn1Tag tag = all.PeekTag();
                if (TextTags.Contains(tag.TagValue))
                {
                    found.Add(all.ReadCharacterString(UniversalTagNumber.IA5String, tag));
                }
                else if (tag.TagValue == AddressTag && all.ReadOctetString(tag) is { Length: 4 or 16 } address)
                {
                    found.Add(new IPAddress(address).ToString());
                }
                else if (tag.TagValue != AddressTag)
                {
                    all.ReadEncodedValue();
                }
            }
        }
        catch (AsnContentException)
        {
            // A name that cannot be read is none; those before it were.
        }

        return found;
    }
}
