using System.Runtime.InteropServices;
using static OvsOffload.Testing.Bytes;

namespace OvsOffload.Testing;

/// <summary>
/// What rtnetlink of a fixture host answers: links with VFs, addresses, routes, qdiscs, filters, counters. Messages are
/// built as linux/if_link.h, rtnetlink.h and pkt_cls.h say.
/// </summary>
internal sealed class RouteAnswers(HostDescription host)
{
    private const ushort Multi = 2;
    private const int SharedBlock = -1; // TCM_IFINDEX_MAGIC_BLOCK
    private const int IngressParent = -15; // TC_H_INGRESS
    private const uint InHardware = 4; // TCA_CLS_FLAGS_IN_HW

    /// <summary>Packets of each VF, and those of them that the host's CPU saw.</summary>
    private const ulong Packets = 1_000_000, SlowPath = 1_200;

    private readonly FixtureLink[] _links = [.. FixtureLink.Of(host)];

    public IEnumerable<byte[]> Answer(byte[] request)
    {
        ushort type = MemoryMarshal.Read<ushort>(request.AsSpan(4));
        bool dump = (MemoryMarshal.Read<ushort>(request.AsSpan(6)) & 0x300) == 0x300;
        return (type, dump) switch
        {
            (18, true) => Dump(_links.Select(link => link.Message())),
            (18, false) => One(LinkWithVfs(MemoryMarshal.Read<int>(request.AsSpan(20)))),
            (22, true) => Dump(
                [
                    Message(
                        20, Multi, [2, 24, 0, 0, .. Int32(HostDescription.BridgeIndex)],
                        Attribute(1, 10, 1, 2, 3), Attribute(2, 10, 1, 2, 3)),
                ]),
            (26, true) when request[16] == 2 => Dump(
                [
                    DefaultRoute(),
                    Message(24, Multi, [2, 24, 0, 0, 254, 2, 0, 1, 0, 0, 0, 0], Attribute(1, 10, 9, 9, 0)),
                ]),
            (26, true) => Dump([]),
            (26, false) => One(DefaultRoute()),
            (38, _) => Dump(Qdiscs()),
            (46, _) => Dump(Filters(
                MemoryMarshal.Read<int>(request.AsSpan(20)), MemoryMarshal.Read<int>(request.AsSpan(28)))),
            (94, true) => Dump(_links.Select(Counters)),
            _ => [Error(95)],
        };
    }

    private static byte[] DefaultRoute() => Message(
        24, Multi, [2, 0, 0, 0, 254, 3, 0, 1, 0, 0, 0, 0],
        Attribute(4, Int32(HostDescription.BridgeIndex)), Attribute(5, 10, 1, 2, 1), Attribute(7, 10, 1, 2, 3));

    private byte[] LinkWithVfs(int index)
    {
        FixtureLink link = _links.Single(one => one.Index == index);
        return host.Ports.Any(port => port.Index == index && port.Vfs > 0)
            ? link.Message(Nest(22, [.. host.Vfs.Where(vf => vf.Port.Index == index).Select(VfInformation)]))
            : link.Message();
    }

    /// <summary>MAC, no VLAN, spoof check off, link state auto, trust off.</summary>
    private static byte[] VfInformation(VfDescription vf) => Nest(
        1,
        Attribute(1, [.. Int32(vf.Index), .. vf.Mac, .. new byte[26]]),
        Attribute(2, [.. Int32(vf.Index), .. Int32(0), .. Int32(0)]),
        Attribute(4, [.. Int32(vf.Index), .. Int32(0)]),
        Attribute(5, [.. Int32(vf.Index), .. Int32(0)]),
        Attribute(9, [.. Int32(vf.Index), .. Int32(0)]));

    /// <summary>Those that ovs-vswitchd puts on its ports; a bond and its members share a block.</summary>
    private IEnumerable<byte[]> Qdiscs()
    {
        if (host.Switch is null)
        {
            return [];
        }

        return host.Vfs.Where(vf => vf.Port.IsSwitchdev).Select(vf => Ingress(vf.RepresentorIndex, null))
            .Concat(host.BridgePorts.Select(port => Ingress(port.Index, host.Bond?.Block)))
            .Concat(host.Bond is { } bond ? host.Ports.Select(port => Ingress(port.Index, bond.Block)) : []);
    }

    private static byte[] Ingress(int link, int? block) => Message(
        36, Multi, [0, 0, 0, 0, .. Int32(link), 0, 0, 0xff, 0xff, 0xf1, 0xff, 0xff, 0xff, .. Int32(0)],
        Text(1, "ingress"), block is { } number ? Attribute(13, Int32(number)) : []);

    /// <summary>One on each representor, and one for each VF on the port to the network.</summary>
    private IEnumerable<byte[]> Filters(int link, int parent)
    {
        if (link == SharedBlock)
        {
            return parent == host.Bond?.Block
                ? host.Vfs.Select(vf => Filter(link, parent, vf.Number, host.Ports.Length))
                : [];
        }

        if (host.Vfs.FirstOrDefault(vf => vf.Port.IsSwitchdev && vf.RepresentorIndex == link) is { } own)
        {
            return [Filter(link, IngressParent, own.Number, 1)];
        }

        return host.Bond is null && host.Switch is not null
            ? host.Vfs.Where(vf => vf.Port.Index == link).Select(vf => Filter(link, IngressParent, vf.Number, 1))
            : [];
    }

    /// <summary>A flower filter for a guest's address, which must not get into a bundle.</summary>
    private static byte[] Filter(int link, int parent, int number, int switches) => Message(
        44, Multi,
        [0, 0, 0, 0, .. Int32(link), .. Int32(number + 1), .. Int32(parent), 0x08, 0x00, 0x02, 0x00],
        Text(1, "flower"), Attribute(11, Int32(0)),
        Nest(
            2, Attribute(4, 0x52, 0x54, 0, 0x12, 0x34, 0x56), Attribute(22, Int32((int)InHardware)),
            Attribute(86, Int32(switches))));

    /// <summary>struct rtnl_link_stats64, twice on a representor: all, and what took the slow path.</summary>
    private byte[] Counters(FixtureLink link) => Message(
        92, Multi, [0, 0, 0, 0, .. Int32(link.Index), .. Int32(9)], Attribute(1, Traffic(Packets)),
        host.Vfs.Any(vf => vf.Port.IsSwitchdev && vf.RepresentorIndex == link.Index)
            ? Nest(4, Attribute(1, Traffic(SlowPath)))
            : []);

    private static byte[] Traffic(ulong packets)
    {
        ulong[] counters = new ulong[24];
        (counters[0], counters[1], counters[2], counters[3]) = (packets, packets, packets * 900, packets * 900);
        return [.. MemoryMarshal.AsBytes<ulong>(counters)];
    }

    private static IEnumerable<byte[]> One(byte[] message) => [Datagram(message, Acknowledgement())];

    private static IEnumerable<byte[]> Dump(IEnumerable<byte[]> messages) => [.. messages, Done()];
}
