using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OvsOffload.Os;

namespace OvsOffload.Netlink;

/// <summary>An entry that the kernel did not take.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Refusal">Its words.</param>
internal sealed record RefusedEntry(IPEntry Entry, NetlinkException Refusal);

/// <summary>Moves what the IP layer has on a link (rtnetlink). Throws <see cref="NetlinkException"/>.</summary>
/// <param name="channel">A channel of <see cref="NetlinkProtocol.Route"/>.</param>
/// <param name="time">The clock, for what expires.</param>
internal sealed class LinkIPStates(INetlinkChannel channel, TimeProvider time)
{
    private long Now => SecondsOf(time);

    /// <summary>The seconds in which <see cref="IPEntry.Until"/> is told. Another process counts the same ones
    /// (CLOCK_MONOTONIC), until the next boot.</summary>
    public static long SecondsOf(TimeProvider time) => (long)time.GetElapsedTime(0).TotalSeconds;

    /// <summary>Reads what is on every link, by the link's index.</summary>
    /// <exception cref="NetlinkException">The kernel refused, or there is more than may be kept.</exception>
    public async Task<ImmutableDictionary<int, LinkIPState>> AllAsync(CancellationToken cancellationToken)
    {
        var reader = new IPEntryReader(Now);
        foreach (byte[] payload in await DumpAsync(
            "ip address show", RtnetlinkType.GetAddress, new AddressHeader(0, 0, 0, 0, 0), cancellationToken))
        {
            reader.AddAddress(payload);
        }

        try
        {
            foreach (byte[] payload in await DumpAsync(
                "ip nexthop show", RtnetlinkType.GetNexthop, new NexthopHeader(0, 0, 0, 0, 0), cancellationToken))
            {
                reader.AddNexthop(payload);
            }
        }
        catch (NetlinkException refused) when (refused.Errno == Errno.EOPNOTSUPP)
        {
            // A kernel before 5.3 has no nexthop objects.
        }

        reader.EndNexthops();
        foreach (byte family in (byte[])[RouteHeader.IPv4, RouteHeader.IPv6])
        {
            foreach (byte[] payload in await RoutesAsync(family, cancellationToken))
            {
                reader.AddRoute(payload);
            }
        }

        return reader.Overflow is { } overflow
            ? throw new TooManyRoutesException(overflow)
            : reader.Result;
    }

    /// <summary>Reads what is on a link.</summary>
    public async Task<LinkIPState> ReadAsync(LinkReference link, CancellationToken cancellationToken) =>
        (await AllAsync(cancellationToken)).GetValueOrDefault(link.Index, LinkIPState.None);

    /// <summary>
    /// Puts entries on a link in an order that the kernel takes; what is there already stays. An entry that is refused
    /// is tried again as long as others go through: one may stand on another.
    /// </summary>
    /// <returns>Those that the kernel did not take.</returns>
    public async Task<ImmutableArray<RefusedEntry>> PutAsync(
        LinkReference link, IEnumerable<IPEntry> entries, CancellationToken cancellationToken)
    {
        ImmutableArray<IPEntry> rest = [.. entries.OrderBy(entry => entry.RestoreOrder)];
        while (true)
        {
            ImmutableArray<RefusedEntry>.Builder refused = ImmutableArray.CreateBuilder<RefusedEntry>();
            foreach (IPEntry entry in rest)
            {
                if (await TryPutAsync(link, entry, cancellationToken) is { } refusal)
                {
                    refused.Add(new RefusedEntry(entry, refusal));
                }
            }

            if (refused.Count == 0 || refused.Count == rest.Length)
            {
                return refused.ToImmutable();
            }

            rest = [.. refused.Select(one => one.Entry)];
        }
    }

    /// <summary>Takes addresses and routes off a link; what is gone already is no failure.</summary>
    public async Task RemoveAsync(
        LinkReference link, IEnumerable<IPEntry> entries, CancellationToken cancellationToken)
    {
        foreach (IPEntry entry in entries.Where(entry => entry.Kind != IPEntryKind.Nexthop)
            .OrderByDescending(entry => entry.RestoreOrder))
        {
            (string operation, NetlinkMessageWriter message) = entry.Kind == IPEntryKind.Address
                ? ("ip address delete", IPEntryMessages.Address(RtnetlinkType.DeleteAddress, link, entry, Now))
                : ("ip route delete", IPEntryMessages.Route(RtnetlinkType.DeleteRoute, link, entry, Now));
            try
            {
                await channel.ChangeAsync(
                    new NetlinkRequest(operation, Describe(link, entry), message), cancellationToken);
            }
            catch (NetlinkException refused)
                when (refused.Errno is Errno.EADDRNOTAVAIL or Errno.ESRCH or Errno.ENODEV or Errno.ENETDOWN)
            {
                // It is gone already, which is what was wanted.
            }
        }
    }

    /// <summary>
    /// Takes off a link what the kernel made on it of a router's advertisements, as on a port it would only mislead
    /// packets; the kernel makes it again where it hears the router.
    /// </summary>
    public async Task RemoveRouterStateAsync(LinkReference link, CancellationToken cancellationToken)
    {
        foreach (byte[] payload in await RoutesAsync(RouteHeader.IPv6, cancellationToken))
        {
            var route = Route.Read(payload);
            if (route.Protocol == RouteProtocol.RouterAdvertisement
                && route.Hops.Any(hop => hop.LinkIndex == link.Index))
            {
                await RemoveAsync("ip route delete", RtnetlinkType.DeleteRoute, payload);
            }
        }

        foreach (byte[] payload in await DumpAsync(
            "ip address show", RtnetlinkType.GetAddress, new AddressHeader(0, 0, 0, 0, 0), cancellationToken))
        {
            if (LinkIPAddress.Read(payload) is { IsFromRouter: true } address && address.LinkIndex == link.Index)
            {
                await RemoveAsync("ip address delete", RtnetlinkType.DeleteAddress, payload);
            }
        }

        async Task RemoveAsync(string operation, ushort type, byte[] payload)
        {
            try
            {
                await channel.ChangeAsync(
                    new NetlinkRequest(operation, link.ToString(), IPEntryMessages.Verbatim(type, payload)),
                    cancellationToken);
            }
            catch (NetlinkException refused) when (refused.Errno is Errno.EADDRNOTAVAIL or Errno.ESRCH)
            {
                // An address takes its routes with it, and a router that is gone took them itself.
            }
        }
    }

    private Task<List<byte[]>> RoutesAsync(byte family, CancellationToken cancellationToken) => DumpAsync(
        family == RouteHeader.IPv4 ? "ip -4 route show table all" : "ip -6 route show table all",
        RtnetlinkType.GetRoute, RouteHeader.Of(family),
        payload => IsRelevant(family, payload), cancellationToken);

    /// <summary>
    /// Of a table of a million routes only those that may be kept are held; a kernel without IPv6 answers the question
    /// for it with the routes of all families.
    /// </summary>
    private static bool IsRelevant(byte family, ReadOnlySpan<byte> payload) =>
        payload.Length < RouteHeader.Length
        || (MemoryMarshal.Read<RouteHeader>(payload) is var header && header.Family == family
            && (header.Protocol != RouteProtocol.Kernel || header.Type == 1)); // RTN_UNICAST

    private async Task<NetlinkException?> TryPutAsync(
        LinkReference link, IPEntry entry, CancellationToken cancellationToken)
    {
        if (entry.Until <= Now)
        {
            return null;
        }

        (string operation, NetlinkMessageWriter message) = entry.Kind switch
        {
            IPEntryKind.Address =>
                ("ip address add", IPEntryMessages.Address(RtnetlinkType.NewAddress, link, entry, Now)),
            IPEntryKind.Nexthop =>
                ("ip nexthop replace",
                    IPEntryMessages.Nexthop(link, entry, await ExistingNexthopsAsync(entry, cancellationToken))),
            _ => ("ip route append", IPEntryMessages.Route(RtnetlinkType.NewRoute, link, entry, Now)),
        };
        try
        {
            await channel.ChangeAsync(new NetlinkRequest(operation, Describe(link, entry), message), cancellationToken);
            return null;
        }
        catch (NetlinkException refused) when (refused.Errno == Errno.EEXIST)
        {
            // It is there already, which is what was wanted.
            return null;
        }
        catch (NetlinkException refused)
        {
            return refused;
        }
    }

    /// <summary>
    /// The nexthop objects that a group can have: a member on a link that is away comes with that link.
    /// </summary>
    private async Task<HashSet<uint>> ExistingNexthopsAsync(IPEntry entry, CancellationToken cancellationToken)
    {
        if (!entry.IsGroup)
        {
            return [];
        }

        var known = new HashSet<uint>();
        foreach (byte[] payload in await DumpAsync(
            "ip nexthop show", RtnetlinkType.GetNexthop, new NexthopHeader(0, 0, 0, 0, 0), cancellationToken))
        {
            known.Add(new IPEntry(IPEntryKind.Nexthop, [.. payload]).Id);
        }

        return known;
    }

    private static string Describe(LinkReference link, IPEntry entry) => $"{entry} of {link}";

    private Task<List<byte[]>> DumpAsync<T>(
        string operation, ushort type, T header, CancellationToken cancellationToken)
        where T : unmanaged
        => DumpAsync(operation, type, header, static _ => true, cancellationToken);

    private Task<List<byte[]>> DumpAsync<T>(
        string operation, ushort type, T header, PayloadFilter keep, CancellationToken cancellationToken)
        where T : unmanaged
    {
        // The flag keeps the question apart from that for the default routes, of which a bundle has other answers; the
        // kernel ignores it on a dump.
        NetlinkMessageWriter message = new NetlinkMessageWriter(
            type, NetlinkRequestFlags.Dump | NetlinkRequestFlags.Acknowledge)
            .Fixed(header);
        return channel.DumpAsync(
            new NetlinkRequest(operation, "", message),
            static () => new List<byte[]>(),
            (list, answer) =>
            {
                if (keep(answer.Payload))
                {
                    list.Add(answer.Payload.ToArray());
                }
            },
            cancellationToken);
    }

    private delegate bool PayloadFilter(ReadOnlySpan<byte> payload);
}

/// <summary>There are more routes than can be kept.</summary>
internal sealed class TooManyRoutesException(string words)
    : NetlinkException("ip route show table all", "", Errno.E2BIG, words);
