using System.Collections.Immutable;
using System.Net;

namespace OvsOffload.Netlink;

/// <summary>
/// What the IP layer has on a link and somebody put there: addresses, nexthop objects and the routes that leave by it,
/// so that they can be put on another link, or back, with everything that the kernel knows of them.
/// </summary>
/// <param name="Entries">All of them.</param>
internal sealed record LinkIPState(ImmutableArray<IPEntry> Entries)
{
    /// <summary>Nothing.</summary>
    public static LinkIPState None { get; } = new([]);

    /// <summary>Whether the kernel made addresses or routes on it of a router's advertisements.</summary>
    public bool HasRouter { get; init; }

    /// <summary>The addresses.</summary>
    public ImmutableArray<IPEntry> Addresses => [.. Entries.Where(entry => entry.Kind == IPEntryKind.Address)];

    /// <summary>The routes and the nexthop objects that they stand on.</summary>
    public ImmutableArray<IPEntry> Routes => [.. Entries.Where(entry => entry.Kind != IPEntryKind.Address)];

    /// <summary>These of the addresses alone.</summary>
    public LinkIPState Only(IReadOnlyCollection<IPAddress> addresses) =>
        new([.. Addresses.Where(entry => addresses.Contains(LinkIPAddress.Read(entry.Payload.AsSpan()).Address))]);

    /// <summary>Those of other entries that are not among these.</summary>
    public ImmutableArray<IPEntry> Missing(IEnumerable<IPEntry> entries)
    {
        HashSet<string> known = [.. Entries.Select(entry => entry.Identity)];
        return [.. entries.Where(entry => !known.Contains(entry.Identity))];
    }

    /// <summary>Those of these that are among other entries.</summary>
    public ImmutableArray<IPEntry> Among(IEnumerable<IPEntry> entries)
    {
        HashSet<string> known = [.. entries.Select(entry => entry.Identity)];
        return [.. Entries.Where(entry => known.Contains(entry.Identity))];
    }

    /// <summary>One address as <c>ip address add</c> writes it: no label, no lifetime, no broadcast address.</summary>
    public static LinkIPState Of(IPAddress address, int prefixLength)
    {
        byte[] bytes = address.GetAddressBytes();
        byte family = bytes.Length == 4 ? RouteHeader.IPv4 : RouteHeader.IPv6;
        // Only the payload is kept: type and flags are those of the request that it is put into.
        byte[] message = new NetlinkMessageWriter(RtnetlinkType.NewAddress, NetlinkRequestFlags.Create)
            .Fixed(new AddressHeader(family, (byte)prefixLength, 0, 0, 0))
            .Attribute(AddressAttribute.Local, bytes)
            .Attribute(AddressAttribute.Address, bytes)
            .ToArray();
        return new LinkIPState([new IPEntry(IPEntryKind.Address, [.. message[NetlinkMessage.HeaderLength..]])]);
    }
}
