using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace OvsOffload.Intent.Configuration;

/// <summary>The kinds of values that are addresses: of PCI functions, MAC, IP.</summary>
internal static partial class AddressKinds
{
    private const string PfForms =
        "a PCI address such as \"0000:3b:00.0\", a MAC address, or the interface name or altname of a PF";

    /// <summary>
    /// A PF, typed before YAML's own reading matters: an unquoted <c>0000:03:00.0</c> is still this text.
    /// </summary>
    public static ValueKind<PfReference> Pf { get; } = PfKind(PfForms);

    /// <summary>A PF, or the name of a bond, which has the form of an interface's name.</summary>
    public static ValueKind<PfReference> BondOrPf { get; } = PfKind("the name of a bond under bonds, " + PfForms);

    public static ValueKind<PhysicalAddress> Mac { get; } = new ScalarKind<PhysicalAddress>(
        "a unicast MAC address such as \"02:00:00:00:00:0a\"",
        scalar => ParseMac(scalar.Text),
        mac => ScalarKinds.Quoted(FormatMac(mac)));

    public static ValueKind<InterfaceAddress> Interface { get; } = new ScalarKind<InterfaceAddress>(
        "an IP address with its prefix length, such as 192.0.2.10/24",
        scalar => ParseInterfaceAddress(scalar.Text),
        address => ScalarKinds.Quoted(address.ToString()));

    public static ValueKind<ListenAddress> Listen { get; } = new ScalarKind<ListenAddress>(
        "ADDRESS:PORT such as \"127.0.0.1:9975\" or \"[::1]:9975\", or \":PORT\" for every address",
        scalar => ParseListen(scalar.Text),
        listen => ScalarKinds.Quoted(listen.ToString()));

    /// <summary>The address in lower case with colons.</summary>
    public static string FormatMac(PhysicalAddress address) =>
        string.Join(':', address.GetAddressBytes().Select(octet => octet.ToString("x2", CultureInfo.InvariantCulture)));

    private static ScalarKind<PfReference> PfKind(string allowed) => new(
        allowed,
        ParsePf,
        pf => pf.Kind == PfReferenceKind.InterfaceName ? ScalarKinds.Yaml(pf.Value) : ScalarKinds.Quoted(pf.Value));

    private static Parsed<PfReference> ParsePf(ScalarNode scalar)
    {
        string text = scalar.Text;
        if (PciAddress().Match(text) is { Success: true } pci)
        {
            string domain = pci.Groups["domain"] is { Success: true } stated ? stated.Value : "0000";
            return Reference(PfReferenceKind.PciAddress, $"{domain}:{pci.Groups["rest"].Value}".ToLowerInvariant());
        }

        if (MacAddress().IsMatch(text))
        {
            Parsed<PhysicalAddress> mac = ParseMac(text);
            return mac.IsValue ? Reference(PfReferenceKind.MacAddress, FormatMac(mac.Value!)) : new Wrong(mac.Hint);
        }

        if (text.Contains(':'))
        {
            return new Wrong("A PCI address is DOMAIN:BUS:DEVICE.FUNCTION in hexadecimal with leading zeros (device "
                + "up to 1f, function up to 7), and should be in quotes: YAML 1.1 reads 0000:03:00.0 as a number");
        }

        if (ScalarKinds.OtherReading(scalar) is { } reading)
        {
            return new Wrong($"{reading}. Put a PCI address in quotes, such as \"0000:03:00.0\": without them some "
                + "programs read a number");
        }

        return NameKinds.FindInterfaceNameError(text) is { } complaint
            ? new Wrong(complaint)
            : Reference(PfReferenceKind.InterfaceName, text);

        Parsed<PfReference> Reference(PfReferenceKind kind, string value) =>
            new PfReference(kind, value, text, scalar.Position);
    }

    private static Parsed<PhysicalAddress> ParseMac(string text)
    {
        if (!MacAddress().IsMatch(text))
        {
            return new Wrong("It has six bytes of two hexadecimal digits, with colons between them");
        }

        byte[] octets = Convert.FromHexString(text.Replace(":", "", StringComparison.Ordinal));
        return (octets[0] & 1) != 0 ? new Wrong("This is a multicast address: the first byte is odd")
            : octets.All(octet => octet == 0) ? new Wrong("All zeros is not an address")
            : new PhysicalAddress(octets);
    }

    private static Parsed<InterfaceAddress> ParseInterfaceAddress(string text)
    {
        int slash = text.IndexOf('/');
        if (slash < 0 || ParseIp(text[..slash]) is not { } address)
        {
            return new Wrong();
        }

        int longest = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        return int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int length)
            && length >= 1 && length <= longest
                ? new InterfaceAddress(address, length)
                : new Wrong($"The prefix length of this address is 1 to {longest}");
    }

    private static Parsed<ListenAddress> ParseListen(string text)
    {
        int colon = text.LastIndexOf(':');
        if (colon < 0)
        {
            return text.Length > 0 && !text.AsSpan().ContainsAnyExceptInRange('0', '9')
                ? new Wrong($"Write a port alone as \":{text}\"; it listens on every address")
                : new Wrong();
        }

        if (!int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port)
            || port is < 1 or > IPEndPoint.MaxPort)
        {
            return new Wrong($"A port is 1 to {IPEndPoint.MaxPort}");
        }

        string host = text[..colon];
        bool bracketed = host.StartsWith('[') && host.EndsWith(']');
        return ParseIp(bracketed ? host[1..^1] : host) is { } address
            ? bracketed == (address.AddressFamily == AddressFamily.InterNetworkV6)
                ? new ListenAddress(address, port)
                : new Wrong("Use brackets around IPv6 addresses only")
            : host.Length == 0
                ? new ListenAddress(null, port)
                : new Wrong("Host names are not supported; use an address");
    }

    /// <summary>
    /// An address in its usual spelling; the abbreviations of inet_aton (127.1) and scopes (%eth0) are refused.
    /// </summary>
    private static IPAddress? ParseIp(string text) =>
        !text.Contains('%') && IPAddress.TryParse(text, out IPAddress? address)
        && (address.AddressFamily == AddressFamily.InterNetworkV6
            ? !text.StartsWith('[')
            : address.ToString() == text)
            ? address
            : null;

    // The kernel prints at least four digits of the domain, and more where an Intel VMD makes domains above 0xffff.
    [GeneratedRegex(@"\A((?<domain>[0-9a-fA-F]{4,8}):)?(?<rest>[0-9a-fA-F]{2}:[01][0-9a-fA-F]\.[0-7])\z",
        RegexOptions.ExplicitCapture)]
    private static partial Regex PciAddress();

    [GeneratedRegex(@"\A[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}\z", RegexOptions.ExplicitCapture)]
    private static partial Regex MacAddress();
}
