using System.Globalization;
using System.Runtime.InteropServices;
using OvsOffload.Netlink;

namespace OvsOffload.Tests.Netlink;

/// <summary>
/// One command's conversation with a real kernel, from <c>Fixtures/Netlink</c> (its README tells the format), and a
/// kernel that answers our requests as that one answered the command's.
/// </summary>
internal sealed class Capture
{
    private static readonly string Root = Path.Combine(AppContext.BaseDirectory, "Fixtures", "Netlink");

    private readonly List<(byte[] Message, bool IsRequest)> _messages = [];

    private Capture(string name, IEnumerable<string> lines)
    {
        Name = name;
        foreach (string line in lines)
        {
            Read(line);
        }
    }

    public string Name { get; }

    /// <summary>What the command printed.</summary>
    public List<string> Output { get; } = [];

    public static Capture Load(string kernel, string name)
    {
        Assert.SkipUnless(Directory.Exists(Root), "the lab's netlink captures are not in this tree");
        return new Capture(name, File.ReadLines(Path.Combine(Root, kernel, name + ".txt")));
    }

    /// <summary>The command's last request: the one that it is about, after it looked up names.</summary>
    public byte[] LastToolRequest => _messages.Last(entry => entry.IsRequest).Message;

    /// <summary>
    /// Answers a request as the kernel answered the command's last request of the same type (and generic netlink
    /// command). The end is added where the command had not asked for an acknowledgement.
    /// </summary>
    public FakeKernel Kernel() => new(request =>
    {
        byte[] toolRequest = ToolRequest(request);
        var answer = new List<byte[]>();

        // a command may use one number for all its requests, so the order decides
        foreach ((byte[]? message, bool isRequest) in _messages.SkipWhile(entry => entry.Message != toolRequest)
            .Skip(1))
        {
            if (Sequence(message) != Sequence(toolRequest))
            {
                continue;
            }

            if (isRequest)
            {
                break;
            }

            answer.Add(message);
            if (Type(message) is 2 or 3)
            {
                return answer;
            }
        }

        return [.. answer, Bytes.Acknowledgement()];
    });

    /// <summary>The command's last request of the same type as ours.</summary>
    public byte[] ToolRequest(byte[] request)
    {
        (byte[] Message, bool IsRequest) found = _messages.LastOrDefault(
            entry => entry.IsRequest && Kind(entry.Message) == Kind(request));
        return found.Message ?? throw new InvalidOperationException($"{Name} has no request of kind {Kind(request)}");
    }

    /// <summary>All messages of one type that the kernel sent.</summary>
    public IEnumerable<byte[]> Answers(ushort type) =>
        _messages.Where(entry => !entry.IsRequest && Type(entry.Message) == type).Select(entry => entry.Message);

    /// <summary>The last that the kernel told of a link.</summary>
    public Link Link(string name) => Answers(RtnetlinkType.NewLink)
        .Select(message => OvsOffload.Netlink.Link.Read(message.AsSpan(NetlinkMessage.HeaderLength)))
        .Last(link => link.Name == name);

    /// <summary>
    /// A message with sequence number and port cleared, and of a dump the NLM_F_ACK that some commands set and the
    /// kernel does not look at.
    /// </summary>
    public static string Anonymous(byte[] message)
    {
        byte[] copy = message.ToArray();
        copy.AsSpan(8, 8).Clear();
        if ((copy[7] & 0x3) == 0x3)
        {
            copy[6] &= 0xfb;
        }

        return Convert.ToHexStringLower(copy);
    }

    private void Read(string line)
    {
        const string outputPrefix = "# output: ";
        if (line.StartsWith(outputPrefix, StringComparison.Ordinal))
        {
            Output.Add(line[outputPrefix.Length..]);
        }

        if (line.Length == 0 || line[0] is not ('>' or '<'))
        {
            return;
        }

        byte[] datagram = Convert.FromHexString(line[(line.LastIndexOf(' ') + 1)..]);
        foreach (byte[] message in Split(datagram))
        {
            // the commands leave their port 0 in a request; what comes from another port is ovs-vswitchd's
            if (line[0] == '<' || MemoryMarshal.Read<uint>(message.AsSpan(12)) == 0)
            {
                _messages.Add((message, line[0] == '>'));
            }
        }
    }

    private static List<byte[]> Split(byte[] datagram)
    {
        var messages = new List<byte[]>();
        for (int offset = 0; offset < datagram.Length;)
        {
            int length = BitConverter.ToInt32(datagram, offset);
            if (length == 0)
            {
                // ip stats sends its whole buffer; the kernel stops here too
                break;
            }

            if (length < NetlinkMessage.HeaderLength || length > datagram.Length - offset)
            {
                throw new InvalidDataException($"a message of {length} bytes at {offset} of {datagram.Length}");
            }

            messages.Add(datagram[offset..(offset + length)]);
            offset += NetlinkMessage.Align(length);
        }

        return messages;
    }

    private static ushort Type(byte[] message) => MemoryMarshal.Read<ushort>(message.AsSpan(4));

    private static uint Sequence(byte[] message) => MemoryMarshal.Read<uint>(message.AsSpan(8));

    private static string Kind(byte[] message)
    {
        // generic netlink families have types from 16 up to no rtnetlink type of length 4; their command tells the rest
        bool isDump = (message[7] & 0x3) == 0x3;
        bool isGeneric = BitConverter.ToInt32(message) >= 20 && message[17] == 1 && message[18] == 0
            && message[19] == 0;
        string command = isGeneric ? message[16].ToString(CultureInfo.InvariantCulture) : "";
        return $"{Type(message)}/{command}/{(isDump ? "dump" : "")}";
    }
}
