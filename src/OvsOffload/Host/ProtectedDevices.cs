using System.Collections.Immutable;

namespace OvsOffload.Host;

/// <summary>A way on which this host is reached.</summary>
/// <param name="DeviceIndex">Interface index of the device that the way leaves by.</param>
/// <param name="Why">
/// What it carries, as the rest of a sentence: <c>carries the default route via 192.0.2.1</c>.
/// </param>
internal sealed record WayToHost(int DeviceIndex, string Why);

/// <summary>
/// Finds the devices at the bottom of the ways on which this host is reached: through VLANs, bonds, bridges and Open
/// vSwitch's internal ports down to the NICs. Pure.
/// </summary>
internal static class ProtectedDevices
{
    /// <summary>Every device on a way, the ones in between included, with what it carries.</summary>
    /// <param name="ways">The ways.</param>
    /// <param name="devices">All devices of the namespace.</param>
    /// <param name="switchPorts">
    /// For each Open vSwitch bridge the names of its interfaces: traffic of an internal port may leave by any of them.
    /// </param>
    public static ImmutableArray<ProtectedDevice> Of(
        IEnumerable<WayToHost> ways,
        ImmutableArray<NetDevice> devices,
        ImmutableArray<ImmutableHashSet<string>> switchPorts)
    {
        var found = new Dictionary<string, string>();
        foreach (WayToHost way in ways)
        {
            var open = new Queue<NetDevice>(devices.Where(device => device.Index == way.DeviceIndex));
            var seen = new HashSet<int>();
            while (open.TryDequeue(out NetDevice? device))
            {
                if (!seen.Add(device.Index))
                {
                    continue;
                }

                found.TryAdd(device.Name, way.Why);
                foreach (NetDevice below in Below(device, devices, switchPorts))
                {
                    open.Enqueue(below);
                }
            }
        }

        return
        [
            .. found.Select(pair => new ProtectedDevice(pair.Key, pair.Value))
                .OrderBy(pair => pair.Device, StringComparer.Ordinal),
        ];
    }

    private static IEnumerable<NetDevice> Below(
        NetDevice device, ImmutableArray<NetDevice> devices, ImmutableArray<ImmutableHashSet<string>> switchPorts)
    {
        // ovs-system is the master of every port of Open vSwitch, of whichever bridge; they are told apart below.
        IEnumerable<NetDevice> ports = device.Kind == "openvswitch"
            ? switchPorts.Where(bridge => bridge.Contains(device.Name))
                .SelectMany(bridge => devices.Where(port => port.Kind != "openvswitch" && bridge.Any(port.IsCalled)))
            : devices.Where(port => port.Master == device.Index);
        return ports.Concat(devices.Where(lower => lower.Index == device.Lower));
    }
}
