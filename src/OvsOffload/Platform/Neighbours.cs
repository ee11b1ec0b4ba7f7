using System.Globalization;
using System.Net;
using OvsOffload.Os;

namespace OvsOffload.Platform;

/// <summary>A neighbour of the host on an IPv4 network.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Resolved">Whether its hardware address is known (ATF_COM, linux/if_arp.h).</param>
/// <param name="Device">The device that it is behind.</param>
internal sealed record Neighbour(IPAddress Address, bool Resolved, string Device);

/// <summary>Reads the host's IPv4 neighbours from <c>/proc/net/arp</c>.</summary>
internal static class Neighbours
{
    /// <summary>ATF_COM, linux/if_arp.h: the entry is complete.</summary>
    private const int Complete = 0x02;

    /// <summary>Bytes; a line has 80, so some hundred thousand neighbours.</summary>
    private const int Bound = 16 << 20;

    public static Reading<IReadOnlyList<Neighbour>> Read(HostPaths paths) =>
        paths.Files.Text(Path.Combine(paths.Proc, "net/arp"), Bound).Map(Parse);

    /// <summary>
    /// The lines after the heading: <c>192.0.2.1 0x1 0x2 0c:42:a1:00:00:01 * eth0</c>. What is no such line is passed
    /// over.
    /// </summary>
    public static IReadOnlyList<Neighbour> Parse(string text)
    {
        var found = new List<Neighbour>();
        foreach (string line in text.Split('\n').Skip(1))
        {
            if (line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
                is [var address, _, ['0', 'x', .. var flags], _, _, var device]
                && IPAddress.TryParse(address, out IPAddress? parsed)
                && int.TryParse(flags, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int bits))
            {
                found.Add(new Neighbour(parsed, (bits & Complete) != 0, device));
            }
        }

        return found;
    }
}
