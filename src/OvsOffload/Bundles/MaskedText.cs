using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using OvsOffload.Netlink;

namespace OvsOffload.Bundles;

/// <summary>Masks the addresses and known names that stand in text.</summary>
internal sealed partial class MaskedText(Pseudonyms pseudonyms)
{
    /// <summary>The text with pseudonyms.</summary>
    public string Of(string text)
    {
        if (pseudonyms.HasNames)
        {
            text = Word().Replace(text, match => pseudonyms.Find(match.Value) ?? match.Value);
        }

        return Address().Replace(text, match => match switch
        {
            _ when match.Groups["mac"].Success => Hardware(match.Value, match.Value[2]),
            _ when match.Groups["enx"].Success => "enx" + Hardware(match.Value[3..], null),
            _ when match.Groups["v4"].Success => IP(match.Value),
            _ => IPv6(match.Value),
        });
    }

    /// <summary>
    /// Flows of a datapath: what stands behind a slash is the mask of the address before it, and stays.
    /// </summary>
    public string OfFlows(string text)
    {
        var masked = new StringBuilder(text.Length);
        int from = 0;
        foreach (Match mask in FlowMask().Matches(text))
        {
            masked.Append(Of(text[from..mask.Index])).Append(mask.ValueSpan);
            from = mask.Index + mask.Length;
        }

        return masked.Append(Of(text[from..])).ToString();
    }

    /// <summary>
    /// Rows of /proc/net/tcp, in which addresses stand as 32-bit words in the order of this machine's bytes.
    /// </summary>
    public string OfConnections(string text) => HexAddress().Replace(text, match =>
    {
        byte[] bytes = Convert.FromHexString(match.Groups["address"].Value);
        Swap(bytes);
        byte[] masked = pseudonyms.Address(new IPAddress(bytes)).GetAddressBytes();
        Swap(masked);
        return Convert.ToHexString(masked);
    });

    private static void Swap(byte[] bytes)
    {
        for (int word = 0; BitConverter.IsLittleEndian && word < bytes.Length; word += 4)
        {
            bytes.AsSpan(word, 4).Reverse();
        }
    }

    private string Hardware(string text, char? separator)
    {
        byte[] bytes = Convert.FromHexString(separator is { } one ? text.Replace(one.ToString(), "") : text);
        string masked = new HardwareAddress(pseudonyms.Hardware(bytes)).ToString();
        return separator switch
        {
            ':' => masked,
            '-' => masked.Replace(':', '-'),
            _ => masked.Replace(":", ""),
        };
    }

    private string IP(string text) =>
        IPAddress.TryParse(text, out IPAddress? address) ? pseudonyms.Address(address).ToString() : text;

    /// <summary>A run of hexadecimal digits and colons, of which an IPv6 address may be a part:
    /// <c>:fd00::1</c> of <c>ssl:fd00::1</c>.</summary>
    private string IPv6(string run)
    {
        string core = run.Trim(':');
        foreach (string part in new[] { run, run[1..], run.TrimEnd(':'), core })
        {
            if (part.Contains("::", StringComparison.Ordinal) || part.Count(':') == 7)
            {
                if (IPAddress.TryParse(part, out IPAddress? address))
                {
                    return run.Replace(part, pseudonyms.Address(address).ToString(), StringComparison.Ordinal);
                }
            }
        }

        return run;
    }

    [GeneratedRegex(
        @"(?<mac>(?<![0-9A-Fa-f:-])(?:[0-9A-Fa-f]{2}(?<by>[:-]))(?:[0-9A-Fa-f]{2}\k<by>){4}"
        + @"(?:(?:[0-9A-Fa-f]{2}\k<by>){14})?[0-9A-Fa-f]{2}(?![0-9A-Fa-f:-]))"
        + @"|(?<enx>\benx[0-9a-f]{12}\b)"
        + @"|(?<v4>(?<![0-9A-Za-z.])\d{1,3}(?:\.\d{1,3}){3}(?![0-9A-Za-z]|\.\d))"
        + @"|(?<v6>[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:]*:[0-9A-Fa-f:]*)",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Address();

    [GeneratedRegex("(?<=[0-9a-fA-F:])/[0-9a-fA-F:.]+")]
    private static partial Regex FlowMask();

    [GeneratedRegex(@"[A-Za-z0-9][A-Za-z0-9_.\-]{2,}")]
    private static partial Regex Word();

    [GeneratedRegex(@"(?<address>\b(?:[0-9A-F]{32}|[0-9A-F]{8}))(?=:[0-9A-F]{4}\b)", RegexOptions.ExplicitCapture)]
    private static partial Regex HexAddress();
}
