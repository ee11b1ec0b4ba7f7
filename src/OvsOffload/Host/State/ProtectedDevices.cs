using System.Collections.Immutable;
using OvsOffload.Os;

namespace OvsOffload.Host;

/// <summary>A way on which this host is reached.</summary>
/// <param name="DeviceIndex">Interface index of the device that the way leaves by.</param>
/// <param name="Why">
/// What it carries, as the rest of a sentence: <c>carries the default route via 192.0.2.1</c>.
/// </param>
internal sealed record ManagementPath(int DeviceIndex, string Why);

/// <summary>
/// Finds the devices at the bottom of the ways on which this host is reached: through VLANs, bonds, bridges and Open
/// vSwitch's internal ports down to the NICs. Pure.
/// </summary>
internal static class ProtectedDevices
{
    /// <summary>
    /// Every device on a way, the ones in between included, with what it carries. Failed where a way leads into Open
    /// vSwitch and its ports cannot be read: then every device may carry it.
    /// </summary>
    /// <param name="ways">The ways.</param>
    /// <param name="devices">All devices of the namespace.</param>
    /// <param name="ports">The ports of Open vSwitch: traffic of an internal port may leave by any beside it.</param>
    public static Reading<ImmutableArray<ProtectedDevice>> Of(
        IEnumerable<ManagementPath> ways, ImmutableArray<NetDevice> devices, SwitchPorts ports)
    {
        // A bridge has hundreds of ports, and each of them is asked what is below it.
        ILookup<int?, NetDevice> byIndex = devices.ToLookup(device => (int?)device.Index);
        ILookup<int?, NetDevice> byMaster = devices.ToLookup(device => device.Master);
        var found = new Dictionary<string, string>();
        foreach (ManagementPath way in ways)
        {
            var open = new Queue<NetDevice>(byIndex[way.DeviceIndex]);
            var seen = new HashSet<int>();
            while (open.TryDequeue(out NetDevice? device))
            {
                if (!seen.Add(device.Index))
                {
                    continue;
                }

                found.TryAdd(device.Name, way.Why);
                Reading<ImmutableArray<NetDevice>> below = Below(device);
                if (!below.TryGet(out ImmutableArray<NetDevice> known))
                {
                    return Reading.Failed<ImmutableArray<ProtectedDevice>>($"{device.Name} {way.Why}; {below.Why}");
                }

                foreach (NetDevice one in known)
                {
                    open.Enqueue(one);
                }
            }
        }

        return Reading.Known<ImmutableArray<ProtectedDevice>>(
        [
            .. found.Select(pair => new ProtectedDevice(pair.Key, pair.Value))
                .OrderBy(pair => pair.Device, StringComparer.Ordinal),
        ]);

        Reading<ImmutableArray<NetDevice>> Below(NetDevice device)
        {
            IEnumerable<NetDevice> lower = byIndex[device.Lower];
            if (!SwitchPorts.CanBeInternal(device))
            {
                return Reading.Known<ImmutableArray<NetDevice>>([.. byMaster[device.Index], .. lower]);
            }

            // ovs-system is the master of every port of Open vSwitch, of whichever bridge; they are told apart by name.
            // The internal ports beside this one, and guests' taps, carry nothing for it.
            return ports.EgressPorts(device).Map<ImmutableArray<NetDevice>>(names =>
                [.. devices.Where(port => !SwitchPorts.CanBeInternal(port) && port.IsAmong(names)), .. lower]);
        }
    }
}
