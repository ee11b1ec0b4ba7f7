using System.Runtime.InteropServices;
using System.Text;
using OvsOffload.Netlink;
using static OvsOffload.Testing.Bytes;

namespace OvsOffload.Testing;

/// <summary>
/// What generic netlink of a fixture host answers: devlink and ethtool, built as linux/devlink.h and ethtool_netlink.h
/// say.
/// </summary>
internal sealed class GenericAnswers(HostDescription host)
{
    private const ushort ControlFamily = 16, DevlinkFamily = 24, EthtoolFamily = 21;
    private const ushort DatapathFamily = 30, PortFamily = 31;
    private const int DatapathIndex = 49; // of ovs-system, see FixtureLink
    private const ushort Multi = 2;
    private const int NotSupported = 95, Invalid = 22;
    private const byte TextType = 5, FlagType = 6; // NLA_STRING, NLA_FLAG
    private const byte RunTime = 0; // DEVLINK_PARAM_CMODE_RUNTIME

    /// <summary>Features of the names that a real NIC has, some sixty; only one more is asked for.</summary>
    private static readonly string[] OtherFeatures = [.. Enumerable.Range(0, 60).Select(i => $"rx-some-feature-{i}")];

    private readonly FixtureLink[] _links = [.. FixtureLink.Of(host)];

    public IEnumerable<byte[]> Answer(byte[] request)
    {
        ushort family = MemoryMarshal.Read<ushort>(request.AsSpan(4));
        return family switch
        {
            ControlFamily => One(Message(
                ControlFamily, 0, [1, 2, 0, 0],
                Text(2, "x"),
                Attribute(1, UInt16(Family(request))))),
            EthtoolFamily => Dump(_links.Select(link =>
                Message(EthtoolFamily, Multi, Features(link.Index, link.HasTcOffload)))),
            DevlinkFamily => OfDevlink(request, request[16]),
            DatapathFamily => Dump([Datapath(DatapathFamily, 2, Text(1, "ovs-system"))]),
            PortFamily => Dump(new[] { "ovs-system", host.Bridge }
                .Concat(host.BridgePorts.Select(port => port.Name)).Concat(host.Vfs.Select(vf => vf.Representor))
                .Select((name, number) => Datapath(PortFamily, 1, Attribute(1, Int32(number)), Text(3, name)))),
            _ => [Error(NotSupported)],
        };
    }

    /// <summary>The answer to ETHTOOL_MSG_FEATURES_GET for one link, without netlink's header.</summary>
    public static byte[] Features(int index, bool hasTcOffload = true)
    {
        string[] names = [.. OtherFeatures, .. hasTcOffload ? (string[])["hw-tc-offload"] : []];
        return
        [
            12, 1, 0, 0, .. Nest(1, Attribute(1, Int32(index))),
            .. Bits(2, names), .. Bits(3, names), .. Bits(4, names),
        ];
    }

    private static ushort Family(byte[] request) => Asks(request, "devlink") ? DevlinkFamily
        : Asks(request, "ovs_datapath") ? DatapathFamily
        : Asks(request, "ovs_vport") ? PortFamily
        : EthtoolFamily;

    /// <summary>struct genlmsghdr and struct ovs_header, linux/openvswitch.h.</summary>
    private static byte[] Datapath(ushort family, byte version, params byte[][] attributes) =>
        Message(family, Multi, [[3, version, 0, 0], Int32(DatapathIndex), .. attributes]);

    private static byte[] Bits(ushort type, string[] names) =>
        Nest(type, Attribute(1), Nest(3, [.. names.Select(name => Nest(1, Text(2, name), Attribute(3)))]));

    private IEnumerable<byte[]> OfDevlink(byte[] request, byte command) => command switch
    {
        DevlinkCommand.DeviceGet => Dump(Registered.Select(port => Devlink(port, 3))),
        DevlinkCommand.PortGet => Dump(Registered.SelectMany(Ports)),
        DevlinkCommand.HealthReporterGet => Dump(Registered.SelectMany(port => port.Devlink!.Reporters.Select(name =>
            Devlink(port, command, Nest(
                114, Text(115, name), Attribute(116, 0), Attribute(117, new byte[8]), Attribute(118, new byte[8]),
                name == "fw" ? [] : Attribute(120, new byte[8])))))),
        DevlinkCommand.EswitchGet => PortOf(request) is { Devlink.Eswitch: { } eswitch } port
            ? One(Devlink(
                port, command, Attribute(25, UInt16(1)), Attribute(26, eswitch.InlineMode),
                Attribute(62, eswitch.EncapMode)))
            : [Error(NotSupported)],
        DevlinkCommand.InfoGet => PortOf(request) is { Devlink.Firmware: { } firmware } port
            ? One(Devlink(
                port, command, Text(98, port.Driver), Text(99, "MT2099X01234"),
                Nest(100, Text(103, "fw.psid"), Text(104, port.Devlink.Psid)),
                Nest(101, Text(103, "fw.version"), Text(104, firmware)),
                Nest(102, Text(103, "fw.version"), Text(104, firmware))))
            : [Error(NotSupported)],
        DevlinkCommand.ParameterGet => Parameter(request),
        _ => [Error(NotSupported)],
    };

    private IEnumerable<PortDescription> Registered => host.Ports.Where(port => port.Devlink is not null);

    private IEnumerable<byte[]> Parameter(byte[] request)
    {
        PortDescription port = PortOf(request);
        return Asks(request, "flow_steering_mode") && port.Devlink!.Steering is { } steering
                ? One(Parameter(port, "flow_steering_mode", TextType, Text(86, steering)))
            : Asks(request, "esw_port_metadata") && port.IsSwitchdev
                ? One(Parameter(port, "esw_port_metadata", FlagType, Attribute(86)))
            : [Error(Invalid)];
    }

    /// <summary>
    /// A parameter of the driver with a value for run time; a flag that is set is an attribute that is there.
    /// </summary>
    private static byte[] Parameter(PortDescription port, string name, byte type, byte[] data) => Devlink(
        port, DevlinkCommand.ParameterGet,
        Nest(80, Text(81, name), Attribute(83, type), Nest(84, Nest(85, Attribute(87, RunTime), data))));

    /// <summary>
    /// mlx5 numbers ports by vport, 0xffff the uplink; mlx4 numbers them from 1 and names no flavour.
    /// </summary>
    private IEnumerable<byte[]> Ports(PortDescription port)
    {
        if (!port.IsSwitchdev)
        {
            yield return Devlink(
                port, 7, Attribute(3, Int32(1)), Attribute(4, UInt16(2)), Attribute(6, Int32(port.Index)),
                Text(7, port.Device));
            if (port.SecondDevice is { } second)
            {
                yield return Devlink(
                    port, 7, Attribute(3, Int32(2)), Attribute(4, UInt16(2)), Attribute(6, Int32(30 + port.Number)),
                    Text(7, second));
            }

            yield break;
        }

        yield return Devlink(
            port, 7, Attribute(3, Int32(0xffff)), Attribute(4, UInt16(2)), Attribute(6, Int32(port.Index)),
            Attribute(77, UInt16(0)), Attribute(78, Int32(port.Number)));
        foreach (VfDescription vf in host.Vfs.Where(vf => vf.Port == port))
        {
            yield return Devlink(
                port, 7, Attribute(3, Int32(vf.Index + 1)), Attribute(4, UInt16(2)),
                Attribute(6, Int32(vf.RepresentorIndex)), Text(7, vf.Representor),
                Attribute(77, UInt16(4)), Attribute(127, UInt16((ushort)port.Number)),
                Attribute(128, UInt16((ushort)vf.Index)), Nest(145, Attribute(1, vf.Mac)));
        }
    }

    private PortDescription PortOf(byte[] request) => Registered.First(port => Asks(request, port.PciAddress));

    private static bool Asks(byte[] request, string word) =>
        request.AsSpan().IndexOf(Encoding.ASCII.GetBytes(word)) >= 0;

    private static byte[] Devlink(PortDescription port, byte command, params byte[][] attributes) => Message(
        DevlinkFamily, Multi,
        [[command, 1, 0, 0], Text(1, "pci"), Text(2, port.PciAddress), .. attributes]);

    private static IEnumerable<byte[]> One(byte[] message) => [Datagram(message, Acknowledgement())];

    private static IEnumerable<byte[]> Dump(IEnumerable<byte[]> messages) => [.. messages, Done()];
}
