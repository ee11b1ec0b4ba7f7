using static OvsOffload.Testing.Bytes;

namespace OvsOffload.Testing;

/// <summary>A network device of a fixture host as rtnetlink tells of it. Every one is up and has carrier.</summary>
/// <param name="Index">The interface index.</param>
/// <param name="Name">The name.</param>
/// <param name="Address">The link-layer address.</param>
/// <param name="HasTcOffload">Whether hw-tc-offload is a feature of it, and on.</param>
/// <param name="More">Further attributes, IFLA_* of linux/if_link.h.</param>
internal sealed record FixtureLink(int Index, string Name, byte[] Address, bool HasTcOffload, params byte[][] More)
{
    /// <summary>The card's, equal for all its ports.</summary>
    public static byte[] SwitchId => [0xb8, 0x3f, 0xd2, 0x10, 0, 0, 0, 1];

    private const ushort Loopback = 772, Ethernet = 1; // ARPHRD_*

    /// <summary>The message of RTM_NEWLINK: IFF_UP, IFF_RUNNING, IFF_LOWER_UP; IF_OPER_UP.</summary>
    public byte[] Message(params byte[][] more) => Bytes.Message(
        16, 2,
        [
            [0, 0, .. UInt16(Name == "lo" ? Loopback : Ethernet), .. Int32(Index), .. Int32(0x10041), .. Int32(0)],
            Text(3, Name), Attribute(4, Int32(1500)), Attribute(50, Int32(68)), Attribute(51, Int32(9978)),
            Attribute(16, 6), Attribute(1, Address), .. More, .. more,
        ]);

    /// <summary>All devices of a host.</summary>
    public static IEnumerable<FixtureLink> Of(HostDescription host)
    {
        yield return new FixtureLink(1, "lo", [0, 0, 0, 0, 0, 0], false);
        foreach (PortDescription port in host.Ports)
        {
            yield return Uplink(host, port);
            if (port.SecondDevice is { } second)
            {
                yield return new FixtureLink(
                    30 + port.Number, second, [.. port.Mac[..5], 202], port.TcOffload, Parent(port.PciAddress));
            }
        }

        if (host.Bond is { } bond)
        {
            yield return new FixtureLink(
                bond.Index, bond.Name, host.Ports[0].Mac, true, Attribute(10, Int32(Master(host))), BondAnswers.Bond);
        }

        if (host.Switch is not null)
        {
            yield return new FixtureLink(49, "ovs-system", [2, 0, 0, 0, 0, 9], false, Kind("openvswitch"));
        }

        yield return new FixtureLink(
            HostDescription.BridgeIndex, host.Bridge, [0xb8, 0x3f, 0xd2, 0x10, 1, 0], false,
            Kind(host.Switch is null ? "bridge" : "openvswitch"));
        foreach (VfDescription vf in host.Vfs)
        {
            if (vf.Port.IsSwitchdev)
            {
                yield return new FixtureLink(
                    vf.RepresentorIndex, vf.Representor, vf.RepresentorMac, vf.Port.TcOffload,
                    Attribute(10, Int32(Master(host))), Attribute(36, SwitchId),
                    Text(38, $"pf{vf.Port.Number}vf{vf.Index}"), Parent(vf.Port.PciAddress));
            }

            if (vf.Device is { } device)
            {
                yield return new FixtureLink(
                    vf.DeviceIndex, device, vf.Mac, vf.Port.TcOffload, Parent(vf.PciAddress));
            }
        }
    }

    private static FixtureLink Uplink(HostDescription host, PortDescription port) => new(
        port.Index, port.Device, host.Bond is null ? port.Mac : host.Ports[0].Mac, port.TcOffload,
        [
            Attribute(10, Int32(host.Bond?.Index ?? Master(host))), Attribute(54, port.Mac),
            .. port.IsSwitchdev ? (byte[][])[Attribute(36, SwitchId), Text(38, $"p{port.Number}")] : [],
            .. port.AltName is null ? (byte[][])[] : [Nest(52, Text(53, port.AltName))],
            .. host.Bond is null ? (byte[][])[] : [BondAnswers.Member(port.Mac)],
            Parent(port.PciAddress), Attribute(21, Int32(port.Vfs)),
        ]);

    private static int Master(HostDescription host) => host.Switch is null ? HostDescription.BridgeIndex : 49;

    private static byte[] Parent(string address) => [.. Text(56, address), .. Text(57, "pci")];

    private static byte[] Kind(string kind) => Nest(18, Text(1, kind));
}
