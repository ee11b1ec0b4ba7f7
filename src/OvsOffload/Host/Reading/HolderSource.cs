using System.Collections.Immutable;
using OvsOffload.Nics;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;
using OvsOffload.Sysfs;

namespace OvsOffload.Host;

/// <summary>
/// Finds out who holds a VF: a process with its vfio device open, whoever uses its RDMA device, another network
/// namespace, an agent that claimed its port, or the host itself.
/// </summary>
internal sealed class HolderSource(
    HostPaths paths, Reading<ImmutableArray<NetDevice>> devices, SwitchPorts ports, NamespacedDevices elsewhere,
    RdmaUsers rdma)
{
    private readonly VfioUsage _vfio = new VfioHolders(paths).Read();

    /// <summary>
    /// Whether a VF's network device may lie in another namespace: it has a driver that makes one, and none here.
    /// </summary>
    public static bool MayBeInOtherNamespace(PciFunction vf) =>
        vf.IsVirtualFunction && HasNetworkDriver(vf) && vf.NetDevices.ValueOr([]).Count == 0;

    /// <summary>Who holds a VF; absent when nobody does, failed when it cannot be told.</summary>
    /// <param name="vf">The VF.</param>
    /// <param name="representor">Its representor; absent where it has none, failed where that cannot be told.</param>
    public Reading<Holder> Of(PciFunction vf, Reading<NetDevice> representor)
    {
        if (vf.Driver.IsFailed)
        {
            return Reading.Failed<Holder>(vf.Driver.Why);
        }

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

        Reading<Holder> verbs = rdma.Of(vf);
        if (!verbs.IsAbsent)
        {
            return verbs;
        }

        if (HasNetworkDriver(vf))
        {
            Reading<Holder> user = MayBeInOtherNamespace(vf) ? Elsewhere(vf) : Host(vf);
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
                "its network device is not in this namespace, and other namespaces are unreadable: "
                    + $"{elsewhere.Unread[0]}")
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
                return Held(HolderKind.Host, $"{own.Name} is a lower device of {upper.Name} on this host");
            }

            if (own.AllAddresses.FirstOrDefault() is { } answers)
            {
                return Held(HolderKind.Host, $"{own.Name} has the address {answers} on this host");
            }

            Reading<bool> port = ports.Has(own);
            if (port.IsFailed || port.Value)
            {
                return port.Then(_ => Held(HolderKind.Host, $"{own.Name} is a port of Open vSwitch on this host"));
            }
        }

        return Nobody();
    }

    private Reading<Holder> Claim(Reading<NetDevice> representor)
    {
        if (!ports.Database.TryGet(out OpenVSwitchDatabase? database))
        {
            // Whether an agent claimed a port nobody can tell without the database; a device that is no port is free.
            return representor.Match(
                device => ports.Has(device).Match(
                    isPort => isPort
                        ? Reading.Failed<Holder>(
                            $"{device.Name} is a port of Open vSwitch; cannot read whether an agent claimed it: "
                                + $"{ports.Database.Why}; start Open vSwitch first")
                        : Nobody(),
                    _ => Nobody(),
                    Reading.Failed<Holder>),
                _ => Nobody(),
                Reading.Failed<Holder>);
        }

        OvsInterface[] claimed = [.. database.Interfaces.Where(row => row.IfaceId is not null)];
        if (claimed.Length > 0 && representor.IsFailed)
        {
            return Reading.Failed<Holder>($"cannot read its representor: {representor.Why}");
        }

        OvsInterface? own = claimed.FirstOrDefault(row => representor.ValueOrDefault()?.HasName(row.Name) == true);
        return own is null
            ? Nobody()
            : Held(HolderKind.Claim, $"claimed by an agent: port {own.Name} (iface-id={own.IfaceId})");
    }

    private static bool HasNetworkDriver(PciFunction vf) =>
        vf.Driver.ValueOrDefault() is { } driver && !DriverNames.IsVfio(driver);

    private static Reading<Holder> Held(HolderKind kind, string description) =>
        Reading.Known(new Holder(kind, description));

    private static Reading<Holder> Nobody() => Reading.Absent<Holder>("not in use");
}
