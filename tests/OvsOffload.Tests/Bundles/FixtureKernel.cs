using System.Runtime.InteropServices;
using System.Text;
using OvsOffload.Netlink;
using OvsOffload.Tests.Netlink;
using static OvsOffload.Tests.Netlink.Bytes;

namespace OvsOffload.Tests.Bundles;

/// <summary>
/// The kernel of <see cref="FixtureHost"/>: PFs in switchdev mode with representors, a bridge with an address, an
/// ingress qdisc with one filter on each representor. Messages are built as linux/if_link.h, devlink.h and
/// ethtool_netlink.h say.
/// </summary>
internal sealed class FixtureKernel(int pfs, int vfs) : INetlinkOpener
{
    private const ushort DevlinkFamily = 24, EthtoolFamily = 21;
    private const ushort Multi = 2;

    /// <summary>A feature of the names that a real NIC has, some sixty; only one is asked for.</summary>
    private static readonly string[] FeatureNames =
        [.. Enumerable.Range(0, 60).Select(i => $"rx-some-feature-{i}"), "hw-tc-offload"];

    public INetlinkChannel Open(NetlinkProtocol protocol, string? networkNamespace = null) => new FakeKernel(
        request => protocol == NetlinkProtocol.Route ? Route(request) : Generic(request));

    private static int UplinkIndex(int pf) => 2 + pf;

    private int RepresentorIndex(int pf, int vf) => 100 + pf * vfs + vf;

    private static string Uplink(int pf) => $"enp3s0f{pf}np{pf}";

    private static byte[] Mac(int pf, int vf) => [0xb8, 0x3f, 0xd2, 0x10, (byte)(pf + 1), (byte)(vf + 1)];

    private static byte[] SwitchId => [0xb8, 0x3f, 0xd2, 0x10, 0, 0, 0, 1];

    private IEnumerable<byte[]> Route(byte[] request)
    {
        ushort type = MemoryMarshal.Read<ushort>(request.AsSpan(4));
        bool dump = (MemoryMarshal.Read<ushort>(request.AsSpan(6)) & 0x300) == 0x300;
        return (type, dump) switch
        {
            (18, true) => Dump(Links()),
            (18, false) => One(Link(MemoryMarshal.Read<int>(request.AsSpan(20)), withVfs: true)),
            (22, true) => Dump(
                [
                    Message(
                        20, Multi, [2, 24, 0, 0, .. Int32(50)], Attribute(1, 10, 1, 2, 3), Attribute(2, 10, 1, 2, 3)),
                ]),
            (26, true) when request[16] == 2 => Dump(
                [
                    DefaultRoute(),
                    Message(24, Multi, [2, 24, 0, 0, 254, 2, 0, 1, 0, 0, 0, 0], Attribute(1, 10, 9, 9, 0)),
                ]),
            (26, true) => Dump([]),
            (26, false) => One(DefaultRoute()),
            (38, _) => Dump(Representors().Select(pair => Ingress(RepresentorIndex(pair.Pf, pair.Vf)))),
            (46, _) => Dump([Filter(request)]),
            _ => [Error(95)],
        };
    }

    private static byte[] DefaultRoute() => Message(
        24, Multi, [2, 0, 0, 0, 254, 3, 0, 1, 0, 0, 0, 0],
        Attribute(4, Int32(50)), Attribute(5, 10, 1, 2, 1), Attribute(7, 10, 1, 2, 3));

    private static byte[] Ingress(int link) => Message(
        36, Multi, [0, 0, 0, 0, .. Int32(link), 0, 0, 0xff, 0xff, 0xf1, 0xff, 0xff, 0xff, .. Int32(0)],
        Text(1, "ingress"));

    /// <summary>A flower filter for a guest's address, which must not get into a bundle.</summary>
    private static byte[] Filter(byte[] request) => Message(
        44, Multi,
        [0, 0, 0, 0, .. request.AsSpan(20, 4), .. Int32(1), .. request.AsSpan(28, 4), 0x08, 0x00, 0x02, 0x00],
        Text(1, "flower"), Attribute(11, Int32(0)),
        Nest(2, Attribute(4, 0x52, 0x54, 0, 0x12, 0x34, 0x56), Attribute(22, Int32(4)), Attribute(86, Int32(1))));

    private IEnumerable<(int Pf, int Vf)> Representors() =>
        Enumerable.Range(0, pfs).SelectMany(pf => Enumerable.Range(0, vfs).Select(vf => (pf, vf)));

    private IEnumerable<byte[]> Links()
    {
        yield return Link(1, "lo", [0, 0, 0, 0, 0, 0]);
        for (int pf = 0; pf < pfs; pf++)
        {
            yield return Link(UplinkIndex(pf), withVfs: false);
        }

        yield return Link(49, "ovs-system", [2, 0, 0, 0, 0, 9], Nest(18, Text(1, "openvswitch")));
        yield return Link(50, "br1", [0xb8, 0x3f, 0xd2, 0x10, 1, 0], Nest(18, Text(1, "openvswitch")));
        foreach ((int pf, int vf) in Representors())
        {
            yield return Link(
                RepresentorIndex(pf, vf), $"{Uplink(pf)}pf{pf}vf{vf}", Mac(pf + 8, vf), Attribute(10, Int32(49)),
                Attribute(36, SwitchId), Text(38, $"pf{pf}vf{vf}"), Text(56, FixtureHost.PfAddress(pf)), Text(57, "pci"));
        }
    }

    private byte[] Link(int index, bool withVfs)
    {
        int pf = index - 2;
        byte[] list = !withVfs ? [] : Nest(22, [.. Enumerable.Range(0, vfs).Select(vf => Nest(
            1,
            Attribute(1, [.. Int32(vf), .. Mac(pf, vf), .. new byte[26]]),
            Attribute(4, [.. Int32(vf), .. Int32(0)]),
            Attribute(5, [.. Int32(vf), .. Int32(0)]),
            Attribute(9, [.. Int32(vf), .. Int32(0)])))]);
        return Link(
            index, Uplink(pf), Mac(pf, 200), Attribute(10, Int32(49)), Attribute(54, Mac(pf, 200)),
            Attribute(36, SwitchId), Text(38, $"p{pf}"), Text(56, FixtureHost.PfAddress(pf)), Text(57, "pci"), Attribute(21, Int32(vfs)), list);
    }

    /// <summary>Every link is up, with carrier (IFF_UP, IFF_RUNNING, IFF_LOWER_UP; IF_OPER_UP).</summary>
    private static byte[] Link(int index, string name, byte[] address, params byte[][] more) => Message(
        16, Multi,
        [
            [0, 0, .. UInt16((ushort)(name == "lo" ? 772 : 1)), .. Int32(index), .. Int32(0x10043), .. Int32(0)],
            Text(3, name), Attribute(4, Int32(1500)), Attribute(16, 6), Attribute(1, address), .. more,
        ]);

    private IEnumerable<byte[]> Generic(byte[] request)
    {
        ushort family = MemoryMarshal.Read<ushort>(request.AsSpan(4));
        byte command = request[16];
        return (family, command) switch
        {
            (16, _) => One(Message(
                16, 0, [1, 2, 0, 0],
                Text(2, "x"),
                Attribute(1, UInt16(request.AsSpan().IndexOf("devlink"u8) >= 0 ? DevlinkFamily : EthtoolFamily)))),
            (EthtoolFamily, _) => Dump(Links().Select(link =>
                Message(EthtoolFamily, Multi, Features(MemoryMarshal.Read<int>(link.AsSpan(20)))))),
            (DevlinkFamily, DevlinkCommand.DeviceGet) => Dump(Pfs().Select(pf => Devlink(pf, 3))),
            (DevlinkFamily, DevlinkCommand.PortGet) => Dump(Ports()),
            (DevlinkFamily, DevlinkCommand.HealthReporterGet) => Dump(Pfs().Select(pf => Devlink(
                pf, 52,
                Nest(114, Text(115, "fw"), Attribute(116, 0), Attribute(117, new byte[8]), Attribute(118, new byte[8]))))),
            (DevlinkFamily, DevlinkCommand.EswitchGet) =>
                One(Devlink(PfOf(request), 29, Attribute(25, UInt16(1)), Attribute(26, 0), Attribute(62, 1))),
            (DevlinkFamily, DevlinkCommand.InfoGet) => One(Devlink(
                PfOf(request), 51, Text(98, "mlx5_core"), Text(99, "MT2099X01234"),
                Nest(100, Text(103, "fw.psid"), Text(104, "MT_0000000359")),
                Nest(101, Text(103, "fw.version"), Text(104, "22.39.1002")),
                Nest(102, Text(103, "fw.version"), Text(104, "22.39.1002")))),
            (DevlinkFamily, DevlinkCommand.ParameterGet) => [Error(22)],
            _ => [Error(95)],
        };
    }

    /// <summary>The answer to ETHTOOL_MSG_FEATURES_GET for one link, without netlink's header.</summary>
    public static byte[] Features(int index) =>
        [12, 1, 0, 0, .. Nest(1, Attribute(1, Int32(index))), .. Bits(2), .. Bits(3), .. Bits(4)];

    private static byte[] Bits(ushort type) =>
        Nest(type, Attribute(1), Nest(3, [.. FeatureNames.Select(name => Nest(1, Text(2, name), Attribute(3)))]));

    private IEnumerable<int> Pfs() => Enumerable.Range(0, pfs);

    private IEnumerable<byte[]> Ports()
    {
        foreach (int pf in Pfs())
        {
            yield return Devlink(
                pf, 7, Attribute(3, Int32(0xffff)), Attribute(4, UInt16(2)), Attribute(6, Int32(UplinkIndex(pf))),
                Attribute(77, UInt16(0)), Attribute(78, Int32(pf)));
            for (int vf = 0; vf < vfs; vf++)
            {
                yield return Devlink(
                    pf, 7, Attribute(3, Int32(vf + 1)), Attribute(4, UInt16(2)),
                    Attribute(6, Int32(RepresentorIndex(pf, vf))), Text(7, $"{Uplink(pf)}pf{pf}vf{vf}"),
                    Attribute(77, UInt16(4)), Attribute(127, UInt16((ushort)pf)), Attribute(128, UInt16((ushort)vf)),
                    Nest(145, Attribute(1, Mac(pf, vf))));
            }
        }
    }

    private int PfOf(byte[] request) =>
        Pfs().First(pf => request.AsSpan().IndexOf(Encoding.ASCII.GetBytes(FixtureHost.PfAddress(pf))) >= 0);

    private static byte[] Devlink(int pf, byte command, params byte[][] attributes) => Message(
        DevlinkFamily, Multi,
        [[command, 1, 0, 0], Text(1, "pci"), Text(2, FixtureHost.PfAddress(pf)), .. attributes]);

    private static IEnumerable<byte[]> One(byte[] message) => [Datagram(message, Acknowledgement())];

    private static IEnumerable<byte[]> Dump(IEnumerable<byte[]> messages) => [.. messages, Done()];
}
