using System.Collections.Immutable;
using OvsOffload.Netlink;

namespace OvsOffload.Host;

/// <summary>A device whose traffic a qdisc shapes in software.</summary>
/// <param name="Device">Its name.</param>
/// <param name="Kind">The root qdisc's kind: <c>tbf</c>, <c>htb</c>, ..</param>
internal sealed record Shaper(string Device, string Kind)
{
    /// <summary>Names the devices of qdiscs; those of devices that are gone are left out.</summary>
    public static ImmutableArray<Shaper> Of(IReadOnlyList<RootQdisc> qdiscs, ImmutableArray<NetDevice> devices)
    {
        ImmutableArray<Shaper>.Builder shapers = ImmutableArray.CreateBuilder<Shaper>();
        foreach (RootQdisc qdisc in qdiscs)
        {
            if (devices.FirstOrDefault(device => device.Index == qdisc.LinkIndex) is { } device)
            {
                shapers.Add(new Shaper(device.Name, qdisc.Kind));
            }
        }

        return shapers.ToImmutable();
    }
}
