using System.Net;
using System.Net.Sockets;

namespace OvsOffload.Intent.Cloudpods;

/// <summary>
/// An entry of <c>networks</c>: <c>NIC/BRIDGE/THIRD[/FOURTH]</c>, split at each slash and not trimmed. THIRD is an IP
/// address, to which FOURTH may add one of the other family, else the name of a wire, the segment that the NIC is on.
/// </summary>
/// <param name="Nic">A NIC, a bond, a VLAN device; empty for a bridge without an uplink.</param>
/// <param name="Bridge">Its bridge.</param>
/// <param name="Ip">The IPv4 address; null without.</param>
/// <param name="Ip6">The IPv6 address; null without.</param>
/// <param name="Wire">The wire; null where the entry has an address.</param>
internal sealed record NetworksEntry(string Nic, string Bridge, IPAddress? Ip, IPAddress? Ip6, string? Wire)
{
    /// <summary>A part of the entry that means nothing to Cloudpods; null where there is none.</summary>
    public string? Dropped { get; init; }

    /// <summary>The entry as it was written.</summary>
    public string Written { get; init; } = "";

    /// <summary>Reads an entry; null when it has fewer than three parts, with which Cloudpods' agent does not
    /// start.</summary>
    public static NetworksEntry? Parse(string text)
    {
        string[] parts = text.Split('/');
        if (parts.Length < 3)
        {
            return null;
        }

        string? fourth = parts.Length > 3 ? parts[3] : null;
        IPAddress? ip = Ip4Of(parts[2]), ip6 = ip is null ? Ip6Of(parts[2]) : null;
        string? dropped = parts.Length > 4 ? string.Join('/', parts[4..]) : null;
        switch (ip, ip6)
        {
            case (not null, _):
                ip6 = fourth is null ? null : Ip6Of(fourth);
                dropped ??= ip6 is null ? fourth : null;
                break;
            case (_, not null):
                ip = fourth is null ? null : Ip4Of(fourth);
                dropped ??= ip is null ? fourth : null;
                break;
            default:
                dropped ??= fourth;
                break;
        }

        return new NetworksEntry(parts[0], parts[1], ip, ip6, ip is null && ip6 is null ? parts[2] : null)
        {
            Dropped = dropped,
            Written = text,
        };
    }

    /// <summary>Four numbers without leading zeros: <c>010.0.0.2</c> is none, and so the name of a wire.</summary>
    private static IPAddress? Ip4Of(string text)
    {
        string[] numbers = text.Split('.');
        bool valid = numbers.Length == 4 && numbers.All(number =>
            number is ['0'] or [>= '1' and <= '9', ..]
            && number.Length <= 3 && number.All(char.IsAsciiDigit) && int.Parse(number) <= byte.MaxValue);
        return valid ? IPAddress.Parse(text) : null;
    }

    private static IPAddress? Ip6Of(string text) =>
        text.Contains(':') && !text.Contains('%') && !text.Contains('[')
        && IPAddress.TryParse(text, out IPAddress? address) && address.AddressFamily == AddressFamily.InterNetworkV6
            ? address
            : null;
}
