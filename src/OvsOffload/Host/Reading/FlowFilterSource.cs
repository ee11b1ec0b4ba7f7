using OvsOffload.Flows;
using OvsOffload.Netlink;
using OvsOffload.Os;

namespace OvsOffload.Host;

/// <summary>Reads the tc filters of flows that tc took and the NIC did not.</summary>
internal static class FlowFilterSource
{
    /// <summary>The filters, by the flow's ufid.</summary>
    public static async Task<Reading<IReadOnlyDictionary<UInt128, FlowFilterFact>>> ReadAsync(
        INetlinkOpener netlink, HostState state, CancellationToken cancellation)
    {
        using var route = new RouteSession(netlink);
        var devices = state.Devices.ValueOr([]).ToDictionary(device => device.Index, device => device.Name);
        return await SafeRead.TryAsync(() => FlowFilters.ReadAsync(route.TrafficControl, devices, cancellation));
    }
}
