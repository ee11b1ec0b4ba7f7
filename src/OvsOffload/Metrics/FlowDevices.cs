using OvsOffload.Host;
using OvsOffload.Netlink;

namespace OvsOffload.Metrics;

/// <summary>The devices whose flows are told apart in metrics: uplinks, bonds and representors.</summary>
internal static class FlowDevices
{
    /// <summary>
    /// The most of them, five series each: what is above it is counted as other ports are. More than the VFs of eight
    /// ports of 127 each.
    /// </summary>
    public const int Most = 1024;

    /// <summary>
    /// The devices of a host; uplinks and bonds before representors, so that these are never left out.
    /// </summary>
    public static IReadOnlySet<string> Of(HostState? host)
    {
        if (host is null)
        {
            return new HashSet<string>();
        }

        IEnumerable<string?> uplinks = host.KnownFunctions.Select(pf => pf.Uplink?.Name);
        IEnumerable<string?> bonds =
            host.Devices.ValueOr([]).Where(device => device.Kind == Bond.LinkKind).Select(device => device.Name);
        IEnumerable<string?> representors = host.KnownFunctions.SelectMany(pf => pf.Representors.ValueOr([]))
            .Select(representor => representor.Device?.Name);
        return uplinks.Concat(bonds).Concat(representors).OfType<string>().Distinct().Take(Most).ToHashSet();
    }
}
