using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace OvsOffload.Bundles;

/// <summary>
/// Puts other addresses and names in the place of real ones: equal ones stay equal, different ones different, and what
/// checks ask of an address (whether it is set, multicast, link-local) stays as it is. One object masks one bundle.
/// </summary>
internal sealed class Pseudonyms
{
    /// <summary>198.18.0.0/15, for benchmarks (RFC 2544): no host has an address of it.</summary>
    private const uint FirstIPv4 = 0xc6120000;

    private readonly Dictionary<string, byte[]> _hardware = [];
    private readonly Dictionary<IPAddress, IPAddress> _addresses = [];
    /// <summary>What stands for the host's name.</summary>
    private const string MaskedHost = "masked-host";

    private readonly Dictionary<string, string> _words = [];
    private string? _host;

    /// <summary>
    /// A link-layer address or the identity of a switch, of the same length. Zeros and broadcast stay, and so do the
    /// bits that say multicast and locally administered (IEEE 802).
    /// </summary>
    public byte[] Hardware(ReadOnlySpan<byte> address)
    {
        if (address.Length < 4 || !address.ContainsAnyExcept((byte)0) || !address.ContainsAnyExcept((byte)0xff))
        {
            return address.ToArray();
        }

        string key = Convert.ToHexString(address);
        if (!_hardware.TryGetValue(key, out byte[]? other))
        {
            other = new byte[address.Length];
            BinaryPrimitives.WriteInt32BigEndian(other.AsSpan(other.Length - 4), _hardware.Count + 1);
            other[0] = (byte)(0xa0 | address[0] & 3);
            _hardware.Add(key, other);
        }

        return other;
    }

    /// <summary>An IP address: IPv4 of 198.18.0.0/15, IPv6 of 2001:db8::/32, link-local of fe80::/64.</summary>
    public IPAddress Address(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return Address(address.MapToIPv4()).MapToIPv6();
        }

        if (IdentifiesNoHost(address))
        {
            return address;
        }

        if (!_addresses.TryGetValue(address, out IPAddress? other))
        {
            other = address.AddressFamily == AddressFamily.InterNetwork
                ? OfNumber(4, FirstIPv4 + (uint)_addresses.Count + 1)
                : OfNumber(16, (uint)_addresses.Count + 1, address.IsIPv6LinkLocal ? "fe80::" : "2001:db8::");
            _addresses.Add(address, other);
        }

        return other;
    }

    /// <summary>A name, identity or serial number.</summary>
    public string Word(string word)
    {
        if (!_words.TryGetValue(word, out string? other))
        {
            other = string.Create(CultureInfo.InvariantCulture, $"masked-{_words.Count + 1}");
            _words.Add(word, other);
        }

        return other;
    }

    /// <summary>
    /// The name of the host: it, and every word with it in it (<c>hyp7.example.net</c>, <c>ovs-hyp7</c>), get
    /// pseudonyms. A name that says nothing stays, as does one of fewer letters than <see cref="MaskedText"/> takes for
    /// a word.
    /// </summary>
    public void Host(string name)
    {
        string first = name.Split('.')[0];
        if (first.Length > 2 && first is not ("localhost" or "unknown"))
        {
            _host = first;
            _words.TryAdd(first, MaskedHost);
        }
    }

    /// <summary>The pseudonym of a word that was given one, or has the host's name in it; null for any other.</summary>
    public string? Find(string word)
    {
        if (_words.GetValueOrDefault(word) is { } known)
        {
            return known;
        }

        string core = word.TrimEnd('.', '-');
        return _host is not null && ContainsHostName(core, _host) ? Word(core) + word[core.Length..] : null;
    }

    /// <summary>Whether any word was given one.</summary>
    public bool HasNames => _words.Count > 0;

    /// <summary>Whether the host's name stands in a word between its ends, dots, hyphens and underscores.</summary>
    private static bool ContainsHostName(string word, string host)
    {
        for (int at = word.IndexOf(host, StringComparison.OrdinalIgnoreCase); at >= 0;
            at = word.IndexOf(host, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            int end = at + host.Length;
            if ((at == 0 || IsBoundary(word[at - 1])) && (end == word.Length || IsBoundary(word[end])))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsBoundary(char letter) => letter is '.' or '-' or '_';

    /// <summary>Unspecified, loopback, multicast, broadcast and netmasks tell nothing of a host.</summary>
    private static bool IdentifiesNoHost(IPAddress address)
    {
        byte first = address.GetAddressBytes()[0];
        return IPAddress.IsLoopback(address) || address.IsIPv6Multicast || address.Equals(IPAddress.IPv6Any)
            || (address.AddressFamily == AddressFamily.InterNetwork && first is 0 or >= 224);
    }

    private static IPAddress OfNumber(int length, uint number, string prefix = "::")
    {
        byte[] bytes = length == 4 ? new byte[4] : IPAddress.Parse(prefix).GetAddressBytes();
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(length - 4), number);
        return new IPAddress(bytes);
    }
}
