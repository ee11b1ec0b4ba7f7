using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;

namespace OvsOffload.Netlink;

/// <summary>What a <see cref="IPEntry"/> is.</summary>
internal enum IPEntryKind
{
    /// <summary>An IP address: struct ifaddrmsg and attributes.</summary>
    Address,

    /// <summary>A nexthop object: struct nhmsg and attributes.</summary>
    Nexthop,

    /// <summary>A route: struct rtmsg and attributes.</summary>
    Route,
}

/// <summary>
/// Something of the IP layer that stands on a link (an address, a nexthop object, a route), taken off that link so that
/// it can be put on another one or back: all that the kernel takes when it is made, nothing of what the kernel adds.
/// The link itself stands in it as index 0. An IPv6 route over several hops is one entry for each hop, as the kernel
/// keeps it.
/// </summary>
/// <param name="Kind">What it is.</param>
/// <param name="Payload">The message's payload.</param>
internal sealed record IPEntry(IPEntryKind Kind, ImmutableArray<byte> Payload)
{
    /// <summary>
    /// The hop's weight less one (rtnh_hops), of one of several IPv6 hops; the kernel tells it only then.
    /// </summary>
    public byte Weight { get; init; }

    /// <summary>When it expires, in seconds of the monotonic clock, which begins with the boot: the wall clock is set
    /// while the network comes up. Null for never.</summary>
    public long? Until { get; init; }

    /// <summary>For an address: until when it is preferred, likewise; 0 for one that is deprecated already.</summary>
    public long? PreferredUntil { get; init; }

    /// <summary>
    /// The same in text, without what changes while it stands or with the link's name: tells whether two are the same.
    /// </summary>
    public string Identity => IPEntryText.Of(
        this with { Weight = 0, Until = null, PreferredUntil = null }, withLabel: false);

    /// <summary>
    /// The same on a link that has ports: what left by one of them leaves by the link. Concerns the hops of an IPv4
    /// multipath route alone, which the kernel keeps as a whole.
    /// </summary>
    public IPEntry ForMaster(IReadOnlySet<int> ports)
    {
        if (Kind != IPEntryKind.Route || ports.Count == 0)
        {
            return this;
        }

        byte[] payload = [.. Payload];
        AttributeReader reader = Reader;
        int place = RouteHeader.Length;
        while (reader.Read())
        {
            if (reader.Type == RouteAttribute.Multipath)
            {
                foreach (int hop in RouteHops.Places(reader.Value))
                {
                    Span<byte> link = payload.AsSpan(place + 4 + hop + 4, 4);
                    if (ports.Contains(MemoryMarshal.Read<int>(link)))
                    {
                        link.Clear();
                    }
                }
            }

            place += NetlinkMessage.Align(4 + reader.Value.Length);
        }

        return this with { Payload = [.. payload] };
    }

    /// <summary>For a route: destination, table, metric and type of service, by which the kernel finds it.</summary>
    public (string Destination, uint Table, uint Metric, byte Tos) Key
    {
        get
        {
            var route = Route.Read(Payload.AsSpan());
            return ($"{route.IsIPv6} {route.Destination}/{route.PrefixLength}", route.Table, route.Priority,
                Payload[3]);
        }
    }

    /// <summary>The nexthop object's id; 0 for anything else.</summary>
    public uint Id => Kind == IPEntryKind.Nexthop && Value(NexthopAttribute.Id) is { Length: 4 } id
        ? MemoryMarshal.Read<uint>(id) : 0;

    /// <summary>Whether it is a group of nexthop objects.</summary>
    public bool IsGroup => Kind == IPEntryKind.Nexthop && Has(NexthopAttribute.Group);

    /// <summary>Whether it is an IPv4 route over several hops, maybe of several links.</summary>
    public bool IsMultipath => Kind == IPEntryKind.Route && Has(RouteAttribute.Multipath);

    /// <summary>The place in the order in which the kernel takes them: what others stand on comes first.</summary>
    public int RestoreOrder => Kind switch
    {
        IPEntryKind.Address => 0,
        IPEntryKind.Route when Has(RouteAttribute.NexthopId) => 5,
        IPEntryKind.Route when IsOnLink => 1,
        IPEntryKind.Route => 2,
        _ => IsGroup ? 4 : 3,
    };

    private bool IsOnLink =>
        !Has(RouteAttribute.Gateway) && !Has(RouteAttribute.Via) && !Has(RouteAttribute.Multipath);

    /// <inheritdoc/>
    public bool Equals(IPEntry? other) => other is not null && IPEntryText.Of(this) == IPEntryText.Of(other);

    /// <inheritdoc/>
    public override int GetHashCode() => IPEntryText.Of(this).GetHashCode(StringComparison.Ordinal);

    /// <summary>For people: <c>203.0.113.0/24 via 192.0.2.1 metric 77</c>.</summary>
    public override string ToString() => Kind switch
    {
        IPEntryKind.Address => Describe(LinkIPAddress.Read(Payload.AsSpan())),
        IPEntryKind.Nexthop => $"nexthop object {Id}",
        _ => Describe(Route.Read(Payload.AsSpan())),
    };

    private static string Describe(LinkIPAddress one) => $"address {one.Address}/{one.PrefixLength}";

    private static string Describe(Route route)
    {
        string to = route.Destination is null && route.PrefixLength == 0
            ? route.IsIPv6 ? "IPv6 default" : "default"
            : $"{route.Destination ?? (route.IsIPv6 ? IPAddress.IPv6Any : IPAddress.Any)}/{route.PrefixLength}";
        IEnumerable<string> ways = route.NexthopId is { } id
            ? [$" nhid {id}"]
            : route.Hops.Where(hop => hop.Gateway is not null).Select(hop => $" via {hop.Gateway}");
        const uint main = 254; // RT_TABLE_MAIN
        return string.Create(CultureInfo.InvariantCulture,
            $"route {to}{string.Concat(ways)}{Part(" metric ", route.Priority, 0)}"
                + $"{Part(" table ", route.Table, main)}");

        static string Part(string name, uint value, uint usual) => value == usual
            ? "" : name + value.ToString(CultureInfo.InvariantCulture);
    }

    private bool Has(ushort type) => Value(type) is not null;

    private byte[]? Value(ushort type)
    {
        AttributeReader reader = Reader;
        while (reader.Read())
        {
            if (reader.Type == type)
            {
                return reader.Value.ToArray();
            }
        }

        return null;
    }

    private AttributeReader Reader => new(Payload.AsSpan(), HeaderLength(Kind), "kept entry");

    /// <summary>The length of the structure before the attributes.</summary>
    public static int HeaderLength(IPEntryKind kind) => kind switch
    {
        IPEntryKind.Address => AddressHeader.Length,
        IPEntryKind.Nexthop => NexthopHeader.Length,
        _ => RouteHeader.Length,
    };
}

/// <summary>struct nhmsg, linux/nexthop.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct NexthopHeader(byte Family, byte Scope, byte Protocol, byte Reserved, uint Flags)
{
    public const int Length = 8;
}
