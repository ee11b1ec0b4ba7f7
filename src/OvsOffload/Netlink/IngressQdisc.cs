using System.Runtime.InteropServices;

namespace OvsOffload.Netlink;

/// <summary>
/// A qdisc of kind <c>ingress</c> or <c>clsact</c>, to which filters on received packets are attached. Open vSwitch
/// puts one on each port when hw-offload takes effect.
/// </summary>
/// <param name="LinkIndex">The link.</param>
/// <param name="Kind"><c>ingress</c> or <c>clsact</c>.</param>
/// <param name="IngressBlock">The shared block of filters on received packets; null for the link's own.</param>
/// <param name="EgressBlock">The shared block of filters on sent packets (clsact); null for the link's own.</param>
internal sealed record IngressQdisc(int LinkIndex, string Kind, uint? IngressBlock, uint? EgressBlock)
{
    private const string IngressKind = "ingress";
    private const string ClsactKind = "clsact";

    /// <summary>clsact has filters on sent packets too.</summary>
    public bool HasEgress => Kind == ClsactKind;

    /// <summary>Null for a qdisc of another kind.</summary>
    public static IngressQdisc? Read(NetlinkMessage message)
    {
        string? kind = null;
        uint? ingressBlock = null;
        uint? egressBlock = null;
        var reader = new AttributeReader(message.Payload, TrafficControlHeader.Length, "qdisc");
        while (reader.Read())
        {
            switch (reader.Type)
            {
                // a host has thousands of other qdiscs, one for each transmit queue; no string is made for those
                case TrafficControlAttribute.Kind:
                    kind = reader.Value.TrimEnd((byte)0) switch
                    {
                        var bytes when bytes.SequenceEqual("ingress"u8) => IngressKind,
                        var bytes when bytes.SequenceEqual("clsact"u8) => ClsactKind,
                        _ => null,
                    };
                    break;
                case TrafficControlAttribute.IngressBlock:
                    ingressBlock = reader.UInt32();
                    break;
                case TrafficControlAttribute.EgressBlock:
                    egressBlock = reader.UInt32();
                    break;
            }
        }

        TrafficControlHeader header = MemoryMarshal.Read<TrafficControlHeader>(message.Payload);
        return kind is null ? null : new IngressQdisc(header.LinkIndex, kind, ingressBlock, egressBlock);
    }
}
