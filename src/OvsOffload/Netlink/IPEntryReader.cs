using System.Buffers;
using System.Collections.Immutable;
using System.Net;
using System.Runtime.InteropServices;

namespace OvsOffload.Netlink;

/// <summary>
/// Makes <see cref="IPEntry"/>s of what the kernel tells of the IP layer, for each link that is concerned. Of routes
/// those are left out that come and go by themselves: the kernel's own, and those of routers' advertisements and
/// redirects. Not safe for concurrent use; it lives no longer than one reading.
/// </summary>
/// <param name="now">Seconds since 1970.</param>
internal sealed partial class IPEntryReader(long now)
{
    /// <summary>
    /// Entries that are kept at most. A host has some dozens; where a routing daemon has a million, they are its own.
    /// </summary>
    public const int Bound = 10_000;

    /// <summary>IFA_F_NODAD, _HOMEADDRESS, _MANAGETEMPADDR, _NOPREFIXROUTE, _MCAUTOJOIN, linux/if_addr.h.</summary>
    private const uint SettableAddressFlags = 0x2 | 0x10 | 0x100 | 0x200 | 0x400;

    private readonly Dictionary<int, List<IPEntry>> _entries = [];
    private readonly HashSet<int> _fromRouters = [];
    private readonly HashSet<(int Link, IPNetwork Network)> _withoutRoute = [];
    private readonly Dictionary<uint, ImmutableHashSet<int>> _linksOf = [];
    private readonly List<(IPEntry Entry, uint[] Members)> _groups = [];
    private int _count;

    /// <summary>Why it is not all; null where nothing was left out.</summary>
    public string? Overflow => _count > Bound ? $"more than {Bound} routes to keep" : null;

    /// <summary>What stands on each link.</summary>
    public ImmutableDictionary<int, LinkIPState> Result => _entries.Keys.Union(_fromRouters).ToImmutableDictionary(
        link => link,
        link => new LinkIPState([.. _entries.GetValueOrDefault(link, [])])
        {
            HasRouter = _fromRouters.Contains(link),
        });

    /// <summary>Adds a payload of RTM_NEWADDR; link-local IPv6 ones, which the kernel makes, are left out.</summary>
    public void AddAddress(ReadOnlySpan<byte> payload)
    {
        var address = LinkIPAddress.Read(payload);
        AddressHeader header = MemoryMarshal.Read<AddressHeader>(payload);
        if (address.IsFromRouter)
        {
            _fromRouters.Add(address.LinkIndex);
            return;
        }

        if (address.Address.IsIPv6LinkLocal)
        {
            return;
        }

        uint flags = address.Flags & SettableAddressFlags;
        if ((flags & LinkIPAddress.NoPrefixRoute) != 0)
        {
            _withoutRoute.Add((address.LinkIndex, NetworkOf(address.Address, address.PrefixLength)));
        }

        ArrayBufferWriter<byte> output = Begin(header with { Flags = (byte)flags, Index = 0 });
        long? preferred = null;
        var reader = new AttributeReader(payload, AddressHeader.Length, "address");
        while (reader.Read())
        {
            switch (reader.Type)
            {
                case AddressAttribute.CacheInformation:
                    uint seconds = reader.Structure<AddressLifetimes>().Preferred;
                    preferred = seconds switch { uint.MaxValue => null, 0 => 0, _ => now + seconds };
                    break;
                case AddressAttribute.Label when !reader.String().Contains(':', StringComparison.Ordinal):
                    // The link's own name, which the kernel puts there by itself.
                    break;
                case AddressAttribute.Address or AddressAttribute.Local or AddressAttribute.Broadcast:
                    _ = reader.IPAddress();
                    IPEntryText.Append(output, reader.Type, reader.Value);
                    break;
                case AddressAttribute.Label or AddressAttribute.Priority or AddressAttribute.Protocol:
                    IPEntryText.Append(output, reader.Type, reader.Value);
                    break;
            }
        }

        if (flags != 0)
        {
            IPEntryText.Append(output, AddressAttribute.Flags, BitConverter.GetBytes(flags));
        }

        Add(address.LinkIndex, new IPEntry(IPEntryKind.Address, [.. output.WrittenSpan])
        {
            Until = address.ValidFor is { } valid ? now + (long)valid.TotalSeconds : null,
            PreferredUntil = preferred,
        });
    }

    /// <summary>Adds a payload of RTM_NEWNEXTHOP; before the routes, which stand on them.</summary>
    public void AddNexthop(ReadOnlySpan<byte> payload)
    {
        var reader = new AttributeReader(payload, NexthopHeader.Length, "nexthop object");
        NexthopHeader header = MemoryMarshal.Read<NexthopHeader>(payload);
        ArrayBufferWriter<byte> output = Begin(
            header with { Scope = 0, Reserved = 0, Flags = header.Flags & RouteHeader.OnLink });
        int? link = null;
        uint id = 0;
        uint[]? members = null;
        while (reader.Read())
        {
            switch (reader.Type)
            {
                case NexthopAttribute.Id:
                    id = reader.UInt32();
                    IPEntryText.Append(output, reader.Type, reader.Value);
                    break;
                case NexthopAttribute.Link:
                    link = reader.Int32();
                    IPEntryText.Append(output, reader.Type, [0, 0, 0, 0]);
                    break;
                case NexthopAttribute.Group:
                    members = MembersOf(reader.Value);
                    IPEntryText.Append(output, reader.Type, reader.Value);
                    break;
                case NexthopAttribute.Gateway:
                    _ = reader.IPAddress();
                    IPEntryText.Append(output, reader.Type, reader.Value);
                    break;
                case NexthopAttribute.ResilientGroup:
                    IPEntryText.Append(output, reader.Type, ResilientGroup(reader.Nested()));
                    break;
                case NexthopAttribute.GroupType or NexthopAttribute.EncapsulationType
                    or NexthopAttribute.Encapsulation or NexthopAttribute.Fdb:
                    IPEntryText.Append(output, reader.Type, reader.Value);
                    break;
            }
        }

        var entry = new IPEntry(IPEntryKind.Nexthop, [.. output.WrittenSpan]);
        if (members is not null)
        {
            // The kernel tells them in the order of their ids, and a member may have a higher one than its group.
            _groups.Add((entry, members));
        }
        else if (link is { } on)
        {
            _linksOf[id] = [on];
            Add(on, entry);
        }
    }

    /// <summary>Says that all nexthop objects were added: groups concern the links of their members.</summary>
    public void EndNexthops()
    {
        foreach ((IPEntry? group, uint[]? members) in _groups)
        {
            ImmutableHashSet<int> links = [.. members.SelectMany(member => _linksOf.GetValueOrDefault(member, []))];
            _linksOf[group.Id] = links;
            foreach (int link in links)
            {
                Add(link, group);
            }
        }
    }

    /// <summary>NHA_RES_GROUP_*: the number of buckets and the timers; the time that it has been unbalanced is no
    /// setting.</summary>
    private static byte[] ResilientGroup(AttributeReader settings)
    {
        const ushort buckets = 1, unbalancedTimer = 3;
        var output = new ArrayBufferWriter<byte>();
        while (settings.Read())
        {
            if (settings.Type is >= buckets and <= unbalancedTimer)
            {
                IPEntryText.Append(output, settings.Type, settings.Value);
            }
        }

        return output.WrittenSpan.ToArray();
    }

    /// <summary>struct nexthop_grp, linux/nexthop.h: u32 id, u8 weight less one, u8, u16.</summary>
    internal static uint[] MembersOf(ReadOnlySpan<byte> group)
    {
        const int length = 8;
        if (group.Length % length != 0)
        {
            throw new NetlinkMalformedException("nexthop object", $"a group of {group.Length} bytes");
        }

        uint[] members = new uint[group.Length / length];
        for (int i = 0; i < members.Length; i++)
        {
            members[i] = MemoryMarshal.Read<uint>(group[(i * length)..]);
        }

        return members;
    }

    private static IPNetwork NetworkOf(IPAddress address, int prefixLength)
    {
        byte[] bytes = address.GetAddressBytes();
        if (prefixLength > bytes.Length * 8)
        {
            throw new NetlinkMalformedException("address", $"a prefix of {prefixLength} bits");
        }

        for (int bit = prefixLength; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return new IPNetwork(new IPAddress(bytes), prefixLength);
    }

    private static ArrayBufferWriter<byte> Begin<T>(T header)
        where T : unmanaged
    {
        var output = new ArrayBufferWriter<byte>();
        output.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in header)));
        return output;
    }

    private void Add(int link, IPEntry entry)
    {
        if (_count++ < Bound)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_entries, link, out _) ??= [];
            _entries[link].Add(entry);
        }
    }
}
