using System.Runtime.InteropServices;
using System.Text;

namespace OvsOffload.Netlink;

/// <summary>A root qdisc that holds packets back: what is sent through the link is shaped in software.</summary>
/// <param name="LinkIndex">The link.</param>
/// <param name="Kind"><c>tbf</c>, <c>htb</c>, ..</param>
internal sealed record RootQdisc(int LinkIndex, string Kind)
{
    private const uint Root = 0xffff_ffff; // TC_H_ROOT, linux/pkt_sched.h

    /// <summary>The qdiscs of net/sched that hold packets back, by their names there.</summary>
    private static readonly string[] Kinds = ["tbf", "htb", "hfsc", "cbq", "drr", "qfq", "cake", "netem", "ets"];

    /// <summary>Null for a qdisc of another kind, or one below another.</summary>
    public static RootQdisc? Read(NetlinkMessage message)
    {
        string? kind = null;
        var reader = new AttributeReader(message.Payload, TrafficControlHeader.Length, "qdisc");
        while (reader.Read())
        {
            if (reader.Type == TrafficControlAttribute.Kind)
            {
                ReadOnlySpan<byte> name = reader.Value.TrimEnd((byte)0);
                foreach (string known in Kinds)
                {
                    // A host has thousands of other qdiscs, one for each transmit queue; no string is made for those.
                    if (Ascii.Equals(name, known))
                    {
                        kind = known;
                    }
                }
            }
        }

        TrafficControlHeader header = MemoryMarshal.Read<TrafficControlHeader>(message.Payload);
        return kind is null || header.Parent != Root ? null : new RootQdisc(header.LinkIndex, kind);
    }
}
