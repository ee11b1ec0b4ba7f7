using System.Runtime.InteropServices;
using OvsOffload.Netlink;

namespace OvsOffload.Bench;

/// <summary>
/// A kernel that answers what a scrape asks, with 2 PFs of 127 VFs each in switchdev mode: links, statistics, devlink's
/// devices, ports, health and e-switches. Its answers are made once; what is measured is what the program does with
/// them.
/// </summary>
internal sealed class LargeKernel : INetlinkChannel, INetlinkOpener
{
    /// <summary>VFs of each PF.</summary>
    public const int Vfs = 127;

    private const ushort DevlinkFamily = 21;

    private const int FirstIndex = 10;

    private const int BondIndex = 9;

    /// <summary>The PFs.</summary>
    public static string[] Functions { get; } = ["0000:3b:00.0", "0000:3b:00.1"];

    private static string[] Reporters { get; } = ["fw", "fw_fatal", "tx", "rx"];

    private static readonly byte[][] Links = Pack(AllLinks(16, LinkMessage));

    private static readonly byte[][] Bonds = Pack([BondMessage()]);

    private static readonly byte[][] Members = Pack(Functions.Select((_, pf) => LinkMessage(
        16, FirstIndex + pf, $"eth{pf}", $"p{pf}", Bytes.Attribute(10, Bytes.Int32(BondIndex)),
        Bytes.Nest(18, Bytes.Text(4, "bond"), Bytes.Nest(5, Bytes.Attribute(1, 0), Bytes.Attribute(2, 0))))));

    private static readonly byte[][] Statistics = Pack(AllLinks(92, StatisticsMessage));

    private static readonly byte[][] Ports = Pack(AllPorts());

    private static readonly byte[][] Devices = Pack(Functions.Select(pf => Devlink(3, pf)));

    private static readonly byte[][] Health = Pack(Functions.SelectMany(pf => Reporters.Select(name => Devlink(
        52, pf, Bytes.Nest(114, Bytes.Text(115, name), Bytes.Attribute(116, 0), Bytes.Attribute(117, new byte[8]))))));

    private uint _sequence;

    /// <inheritdoc/>
    public INetlinkChannel Open(NetlinkProtocol protocol, string? networkNamespace = null) => new LargeKernel();

    public Task<NetlinkOutcome> ExchangeAsync(
        NetlinkRequest request, NetlinkMessageHandler onMessage, CancellationToken cancellationToken)
    {
        uint sequence = Interlocked.Increment(ref _sequence);
        var exchange = new NetlinkExchange(sequence, onMessage);
        foreach (byte[] datagram in Answer(request.Message))
        {
            if (exchange.Accept(Bytes.WithSequence(datagram, sequence)) is { } outcome)
            {
                return Task.FromResult(outcome);
            }
        }

        throw new InvalidOperationException("the fixture's answer has no end");
    }

    private static byte[][] Answer(byte[] request)
    {
        ushort type = MemoryMarshal.Read<ushort>(request.AsSpan(4));
        byte command = request[16];
        return (type, command) switch
        {
            // A dump of one kind, or of what is below a bond, has IFLA_LINKINFO or IFLA_MASTER behind the mask.
            (18, _) when request.Length > 44 && request[42] == 18 => Bonds,
            (18, _) when request.Length > 44 && request[42] == 10 => Members,
            (18, _) => Links,
            (94, _) => Statistics,
            (16, _) => [Bytes.Datagram(Family(), Bytes.Acknowledgement())],
            (DevlinkFamily, 1) => Devices,
            (DevlinkFamily, 5) => Ports,
            (DevlinkFamily, 52) => Health,
            (DevlinkFamily, 29) => [Bytes.Datagram(Eswitch(), Bytes.Acknowledgement())],
            _ => throw new InvalidOperationException($"the fixture has no answer to message {type}, command {command}"),
        };
    }

    /// <summary>Datagrams of at most 32 KiB, as the kernel fills them, and the end of the dump.</summary>
    private static byte[][] Pack(IEnumerable<byte[]> messages)
    {
        var datagrams = new List<byte[]>();
        var current = new List<byte>();
        foreach (byte[] message in messages)
        {
            if (current.Count + message.Length > 32 * 1024)
            {
                datagrams.Add([.. current]);
                current.Clear();
            }

            current.AddRange(message);
        }

        datagrams.Add([.. current]);
        datagrams.Add(Bytes.Done());
        return [.. datagrams];
    }

    private static IEnumerable<byte[]> AllLinks(ushort type, Func<ushort, int, string, string, byte[]> make)
    {
        for (int pf = 0; pf < Functions.Length; pf++)
        {
            yield return make(type, FirstIndex + pf, $"eth{pf}", $"p{pf}");
            for (int vf = 0; vf < Vfs; vf++)
            {
                yield return make(type, Index(pf, vf), $"eth{pf}_{vf}", $"pf{pf}vf{vf}");
            }
        }
    }

    private static int Index(int pf, int vf) => 100 + 200 * pf + vf;

    /// <summary>In mode active-backup (IFLA_BOND_MODE 1).</summary>
    private static byte[] BondMessage() => Bytes.Message(
        16, 2,
        new byte[4], Bytes.Int32(BondIndex), Bytes.Int32(0x1443), Bytes.Int32(0), Bytes.Text(3, "bond0"),
        Bytes.Nest(18, Bytes.Text(1, "bond"), Bytes.Nest(2, Bytes.Attribute(1, 1))));

    private static byte[] LinkMessage(ushort type, int index, string name, string port) =>
        LinkMessage(type, index, name, port, []);

    private static byte[] LinkMessage(ushort type, int index, string name, string port, params byte[][] more) =>
        Bytes.Message(
        type, 2,
        new byte[4], Bytes.Int32(index), Bytes.Int32(0x1043), Bytes.Int32(0),
        Bytes.Text(3, name), Bytes.Attribute(16, 6), Bytes.Attribute(4, Bytes.Int32(1500)),
        Bytes.Attribute(1, 2, 0, 0, 0, (byte)(index >> 8), (byte)index),

        // IFLA_STATS64 and IFLA_AF_SPEC, which nobody reads here and the kernel sends all the same.
        Bytes.Attribute(23, new byte[200]), Bytes.Attribute(26, new byte[700]),
        Bytes.Attribute(36, 1, 2, 3, 4, 5, 6, 7, 8), Bytes.Text(38, port),
        Bytes.Text(56, Functions[port[port[1] == 'f' ? 2 : 1] - '0']), Bytes.Text(57, "pci"),
        [.. more.SelectMany(part => part)]);

    private static byte[] StatisticsMessage(ushort type, int index, string name, string port)
    {
        byte[] counters = new byte[24 * 8];
        for (int i = 0; i < 4; i++)
        {
            MemoryMarshal.Write(counters.AsSpan(i * 8), (ulong)(index + 1) * 1_234_567_891_234 * (ulong)(i + 1));
        }

        return Bytes.Message(
            type, 2, new byte[4], Bytes.Int32(index), Bytes.Int32(9),
            Bytes.Attribute(1, counters), Bytes.Nest(4, Bytes.Attribute(1, counters)));
    }

    private static IEnumerable<byte[]> AllPorts()
    {
        for (int pf = 0; pf < Functions.Length; pf++)
        {
            yield return Devlink(
                7, Functions[pf], Bytes.Attribute(3, Bytes.Int32(0xffff)), Bytes.Attribute(4, Bytes.UInt16(2)),
                Bytes.Attribute(6, Bytes.Int32(FirstIndex + pf)), Bytes.Attribute(77, Bytes.UInt16(0)));
            for (int vf = 0; vf < Vfs; vf++)
            {
                yield return Devlink(
                    7, Functions[pf], Bytes.Attribute(3, Bytes.Int32(vf + 1)), Bytes.Attribute(4, Bytes.UInt16(2)),
                    Bytes.Attribute(6, Bytes.Int32(Index(pf, vf))), Bytes.Text(7, $"eth{pf}_{vf}"),
                    Bytes.Attribute(77, Bytes.UInt16(4)), Bytes.Attribute(127, Bytes.UInt16((ushort)pf)),
                    Bytes.Attribute(128, Bytes.UInt16((ushort)vf)), Bytes.Attribute(149, 0));
            }
        }
    }

    private static byte[] Eswitch() => Devlink(
        29, Functions[0], Bytes.Attribute(25, Bytes.UInt16(1)), Bytes.Attribute(26, 1), Bytes.Attribute(62, 1));

    private static byte[] Family() => Bytes.Message(
        16, 0, Bytes.FromHex("01020000"), Bytes.Text(2, "devlink"), Bytes.Attribute(1, Bytes.UInt16(DevlinkFamily)));

    private static byte[] Devlink(byte command, string pf, params byte[][] attributes) => Bytes.Message(
        DevlinkFamily, 2, [[command, 1, 0, 0], Bytes.Text(1, "pci"), Bytes.Text(2, pf), .. attributes]);
}
