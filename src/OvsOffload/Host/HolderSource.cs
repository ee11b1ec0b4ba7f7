using System.Collections.Immutable;
using OvsOffload.OpenVSwitch;
using OvsOffload.Sysfs;
using OvsOffload.System;

namespace OvsOffload.Host;

/// <summary>
/// Finds out who holds a VF: a process with its vfio device open, another network namespace, an agent that claimed its
/// port, or the host itself.
/// </summary>
internal sealed class HolderSource(
    HostPaths paths, Reading<ImmutableArray<NetDevice>> devices, Reading<OpenVSwitchDatabase> database,
    NamespacedDevices elsewhere)
{
    private readonly VfioUsage _vfio = new VfioHolders(paths).Read();

    /// <summary>
    /// Whether a VF's network device may lie in another namespace: it has a driver that makes one, and none here.
    /// </summary>
    public static bool MayBeElsewhere(PciFunction vf) =>
        vf.IsVirtualFunction && HasNetworkDriver(vf) && vf.NetDevices.ValueOr([]).Count == 0;

    /// <summary>Who holds a VF; absent when nobody does, failed when it cannot be told.</summary>
    /// <param name="vf">The VF.</param>
    /// <param name="representor">Name of its representor, where it has one.</param>
    public Reading<Holder> Of(PciFunction vf, string? representor)
    {
        Reading<IReadOnlyList<VfioHolder>> open = _vfio.Of(vf);
        if (open.IsFailed)
        {
            return Reading.Failed<Holder>(open.Why);
        }

        if (open.ValueOr([]).Count > 0)
        {
            return Reading.Known(new Holder(HolderKind.Vfio, string.Join(", ", open.Value))
            {
                Processes = [.. open.Value.Select(holder => holder.Pid).Distinct()],
            });
        }

        if (HasNetworkDriver(vf))
        {
            Reading<Holder> user = MayBeElsewhere(vf) ? Elsewhere(vf) : Host(vf);
            if (!user.IsAbsent)
            {
                return user;
            }
        }

        return Claim(representor);
    }

    private Reading<Holder> Elsewhere(PciFunction vf)
    {
        if (elsewhere.ByParent.TryGetValue(vf.Address.ToString(), out string? where))
        {
            return Held(HolderKind.NetworkNamespace, where);
        }

        return elsewhere.Unread.Count > 0
            ? Reading.Failed<Holder>(
                $"its network device is not in this namespace, and not all others could be read: {elsewhere.Unread[0]}")
            : Nobody();
    }

    private Reading<Holder> Host(PciFunction vf)
    {
        if (!devices.IsKnown)
        {
            return Reading.Failed<Holder>(devices.Why);
        }

        foreach (NetDevice own in devices.Value.Where(device => vf.NetDevices.Value.Contains(device.Name)))
        {
            NetDevice? upper = devices.Value.FirstOrDefault(
                other => other.Index == own.Master || other.Lower == own.Index);
            if (upper is not null)
            {
                return Held(HolderKind.Host, $"{own.Name} is below {upper.Name} on this host");
            }

            if (!own.Addresses.IsEmpty)
            {
                return Held(HolderKind.Host, $"{own.Name} has the address {own.Addresses[0]} on this host");
            }
        }

        return Nobody();
    }

    private Reading<Holder> Claim(string? representor)
    {
        if (representor is null || !database.IsKnown)
        {
            return Nobody();
        }

        OvsInterface? row = database.Value.Bridges.SelectMany(bridge => bridge.Ports)
            .SelectMany(port => port.Interfaces)
            .FirstOrDefault(candidate =>
                candidate.Name == representor && candidate.ExternalIds.ContainsKey("iface-id"));
        return row is null
            ? Nobody()
            : Held(HolderKind.Claim, $"an agent claimed its port {row.Name} (iface-id={row.ExternalIds["iface-id"]})");
    }

    private static bool HasNetworkDriver(PciFunction vf) =>
        vf.Driver.ValueOrDefault() is { } driver && !driver.Contains("vfio", StringComparison.Ordinal);

    private static Reading<Holder> Held(HolderKind kind, string description) =>
        Reading.Known(new Holder(kind, description));

    private static Reading<Holder> Nobody() => Reading.Absent<Holder>("nobody holds it");
}
