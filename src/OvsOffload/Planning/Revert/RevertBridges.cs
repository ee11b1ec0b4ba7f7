using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.OpenVSwitch;
using OvsOffload.Sysfs;

namespace OvsOffload.Planning;

/// <summary>An address that a plan brings back from a bridge.</summary>
/// <param name="Address">The address.</param>
/// <param name="To">The device that has it then.</param>
internal sealed record RestoredAddress(IPNetworkAddress Address, DeviceReference To);

/// <summary>
/// Plans the revert of bridges and ports: those that carry the mark of ovs-offload. Addresses go back to the uplink
/// first.
/// </summary>
internal static class RevertBridges
{
    /// <summary>Adds the steps; returns the addresses that come back.</summary>
    public static ImmutableArray<RestoredAddress> Plan(
        HostIntent goal, HostState state, RecordedChanges changes, PlanDraft draft)
    {
        ImmutableArray<RestoredAddress>.Builder returned = ImmutableArray.CreateBuilder<RestoredAddress>();
        if (!state.OpenVSwitch.Database.TryGet(out OpenVSwitchDatabase? database))
        {
            // Bridges are known by their marks alone, and what they stand on would be taken away below them.
            if (state.OpenVSwitch.Database.IsFailed
                || !state.OpenVSwitch.Ports.Datapaths.Match(all => all.IsEmpty, _ => true, _ => false))
            {
                draft.Object(ObjectionKind.Unreadable, "Open vSwitch",
                    "cannot determine whether it has bridges or ports of ovs-offload: "
                        + $"{state.OpenVSwitch.Database.Why}; start Open vSwitch first", null);
            }

            return [];
        }

        foreach (BridgeIntent bridge in goal.Bridges)
        {
            if (database.Bridges.FirstOrDefault(one => one.Name == bridge.Name) is not { } row
                || !CanDelete(row, goal, state, draft))
            {
                continue;
            }

            if (Addresses(bridge, row, state, changes, draft) is not { } addresses)
            {
                continue;
            }

            returned.AddRange(addresses);
            foreach (OvsPort port in Ours(row).Where(port => IsAffected(port, row, goal, state)))
            {
                draft.Add(
                    ReferenceOf(port, state) is { } device
                        ? new DeletePortOf(row.Name, device)
                        : new DeletePort(row.Name, port.Name),
                    "ovs-offload added it", $"{port.Name} no longer carries traffic of {row.Name}");
            }

            if (row.IsManaged)
            {
                NetDevice? local = state.FindDevice(row.Name);
                draft.Add(
                    new DeleteBridge(row.Name, row.OtherConfig.ContainsKey("hwaddr") ? local?.Address : null)
                    {
                        Up = local?.Up == true,
                    },
                    "ovs-offload created it", $"{row.Name} goes away, with its OpenFlow rules");
            }
        }

        return returned.ToImmutable();
    }

    /// <summary>Whether nothing else uses a bridge, and this host is not reached through it.</summary>
    private static bool CanDelete(OvsBridge row, HostIntent goal, HostState state, PlanDraft draft)
    {
        OvsPort[] ours = [.. Ours(row).Where(port => IsAffected(port, row, goal, state))];
        string[] foreign =
            [.. row.Ports.Where(port => !port.IsManaged && port.Name != row.Name).Select(port => port.Name)];
        OvsInterface? claimed = ours.SelectMany(port => port.Interfaces).FirstOrDefault(one => one.IfaceId is not null);
        bool may = true;
        if (row.IsManaged && foreign.Length > 0)
        {
            No(ObjectionKind.Refused, "it has ports that ovs-offload did not add ("
                + $"{string.Join(", ", foreign.Take(8))}{(foreign.Length > 8 ? ", .." : "")}), which would be deleted "
                + $"with it; remove them first (ovs-vsctl del-port {row.Name} {foreign[0]})");
        }

        if (row.IsManaged && row.IsControlled)
        {
            No(ObjectionKind.Refused, row.Controllers.Count > 0
                ? $"it is managed by another agent (controller {row.Controllers[0].Target}); detach it from "
                    + $"the agent first (ovs-vsctl del-controller {row.Name})"
                : "it is managed by another agent (fail_mode=secure); detach it from the agent first (ovs-vsctl "
                    + $"del-fail-mode {row.Name})");
        }

        if (claimed is not null)
        {
            No(ObjectionKind.Refused, $"port {claimed.Name} is claimed by an agent (iface-id={claimed.IfaceId}); "
                + "unplug it first");
        }

        IEnumerable<string> devices = row.IsManaged ? [row.Name, .. ours.Select(port => port.Name)]
            : ours.Select(port => port.Name);
        foreach (string device in devices.Select(name => state.FindDevice(name)?.Name ?? name))
        {
            if (Protection.Of(device, goal, state) is { } protection)
            {
                No(protection.Kind, protection.Refusal(device, $"taking {row.Name} apart"));
                break;
            }
        }

        return may;

        void No(ObjectionKind kind, string text)
        {
            draft.Object(kind, row.Name, text, null);
            may = false;
        }
    }

    /// <summary>
    /// Plans the addresses of the local port; null where there is no place for one. Of a bridge that is not this
    /// program's only those go back that are on the record.
    /// </summary>
    private static ImmutableArray<RestoredAddress>? Addresses(
        BridgeIntent bridge, OvsBridge row, HostState state, RecordedChanges changes, PlanDraft draft)
    {
        var local = new LocalPortOf(row.Name);
        NetDevice? device = state.FindDevice(row.Name);
        DeviceReference? uplink = bridge.Uplink switch
        {
            { Bond: { } bond } => new DeviceNamed(bond),
            { Pf: { } pf } => new UplinkOf(PciAddress.Parse(pf.Value)),
            _ => null,
        };
        ImmutableArray<RestoredAddress>.Builder back = ImmutableArray.CreateBuilder<RestoredAddress>();
        foreach (IPNetworkAddress address in device?.Addresses ?? [])
        {
            RecordedChange? entry = changes.Find(ChangeKind.Address, $"{address}");
            if (entry is { Before: null })
            {
                draft.Add(new RemoveAddress(local, address), "ovs-offload added it",
                    $"{address} no longer answers");
            }
            else if (entry is null && !row.IsManaged)
            {
                continue;
            }
            else if (uplink is null)
            {
                draft.Object(ObjectionKind.Refused, row.Name,
                    $"it has {address}, and no uplink to move it back to; remove it first (ip addr del "
                        + $"{address} dev {row.Name})", null);
                return null;
            }
            else
            {
                back.Add(new RestoredAddress(address, uplink));
            }
        }

        if (back.Count > 0)
        {
            if (!RouteMoves.CanMove(device!, row.Name, null, state, draft))
            {
                return null;
            }

            ImmutableArray<IPEntry> routes = RouteMoves.ReturningTo(
                RouteMoves.Of(device, local, state), uplink!, isFirst: row.IsManaged, changes);
            BridgeAddresses.Move(
                local, uplink!, [.. back.Select(one => one.Address)], routes,
                $"{row.Name} loses its uplink, so they move back to it", draft);
        }

        return back.ToImmutable();
    }

    private static IEnumerable<OvsPort> Ours(OvsBridge row) =>
        row.Ports.Where(port => port.IsManaged && port.Name != row.Name);

    /// <summary>Whether a port goes: with its bridge, or because its device is one of the goal's.</summary>
    private static bool IsAffected(OvsPort port, OvsBridge row, HostIntent goal, HostState state) =>
        row.IsManaged || RevertGoal.IsComplete(goal) || ReferenceOf(port, state) switch
        {
            UplinkOf uplink => goal.Nics.Any(nic => nic.Pf.Value == $"{uplink.Pf}"),
            RepresentorOf one => goal.Nics.Any(nic => nic.Pf.Value == $"{one.Pf}"),
            DeviceNamed named => goal.Bonds.Any(bond => bond.Name == named.Name),
            _ => false,
        };

    /// <summary>What a port's device is; null where the device is gone.</summary>
    private static DeviceReference? ReferenceOf(OvsPort port, HostState state)
    {
        foreach (PhysicalFunction pf in state.KnownFunctions)
        {
            if (pf.Uplink?.HasName(port.Name) == true)
            {
                return new UplinkOf(pf.Address);
            }

            foreach (Representor representor in pf.Representors.ValueOr([]))
            {
                if (representor is { VfIndex: { } vf, External: false }
                    && representor.Device?.HasName(port.Name) == true)
                {
                    return new RepresentorOf(pf.Address, vf);
                }
            }
        }

        return state.FindDevice(port.Name) is { } device ? new DeviceNamed(device.Name) : null;
    }
}
