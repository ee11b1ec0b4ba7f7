using System.Collections.Immutable;
using System.Net;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;

namespace OvsOffload.Planning;

/// <summary>
/// Plans the addresses of a bridge's local port. They come from the uplink, on which they would not answer once it is a
/// port; one that is nowhere on the host is put there.
/// </summary>
internal static class BridgeAddresses
{
    /// <summary>The addresses that the configuration sets on a bridge.</summary>
    public static ImmutableArray<IPNetworkAddress> Configured(BridgeIntent bridge) =>
        [.. bridge.Addresses.Select(address => new IPNetworkAddress(address.Address, address.PrefixLength))];

    /// <summary>Whether every configured address is on the bridge, comes from its uplink, or is nowhere.</summary>
    /// <param name="bridge">The bridge.</param>
    /// <param name="uplinks">The devices below the bridge: the PF's, or the bond's and its members'.</param>
    /// <param name="state">The host.</param>
    /// <param name="draft">Takes the objections.</param>
    public static bool AreConsistent(
        BridgeIntent bridge, ImmutableArray<NetDevice> uplinks, HostState state, PlanDraft draft)
    {
        if (bridge.Addresses.Count > 0 && !state.Devices.IsKnown)
        {
            draft.Object(ObjectionKind.Unreadable, bridge.Name,
                $"the network devices could not be read, so where its addresses are is unknown: {state.Devices.Why}",
                bridge.Source["addresses"]);
            return false;
        }

        bool fit = uplinks.Where(uplink => Configured(bridge).Any(uplink.Addresses.Contains)).Aggregate(true,
            (so, uplink) => so & RouteMoves.CanMove(uplink, bridge.Name, bridge.Source["addresses"], state, draft));
        foreach (IPNetworkAddress wanted in Configured(bridge))
        {
            foreach (NetDevice device in state.Devices.ValueOr([]))
            {
                bool below = uplinks.Any(uplink => uplink.Index == device.Index);
                if (FindSame(device, wanted.Address) is not { } there
                    || (there == wanted && (below || device.HasName(bridge.Name))))
                {
                    continue;
                }

                fit = false;
                draft.Object(ObjectionKind.Configuration, bridge.Name,
                    below || device.HasName(bridge.Name)
                        ? $"the configuration sets {wanted}, but {device.Name} has {there}; use the same prefix length"
                        : $"the configuration sets {wanted}, but {device.Name}, which is not the uplink, has {there}; "
                            + $"remove it there first (ip addr del {there} dev {device.Name}), or from the "
                            + "configuration",
                    bridge.Source["addresses"]);
            }
        }

        return fit;
    }

    /// <summary>Adds the steps; the uplink is a port by then, so that the addresses are dead for a moment
    /// only.</summary>
    /// <param name="bridge">The bridge.</param>
    /// <param name="holders">
    /// Where addresses may come from, with the device that has them by then: what is on a PF that joins a bond is on
    /// the bond.
    /// </param>
    /// <param name="state">The host.</param>
    /// <param name="draft">Takes the steps.</param>
    public static void Plan(
        BridgeIntent bridge, ImmutableArray<(NetDevice Now, DeviceReference Then)> holders, HostState state,
        PlanDraft draft)
    {
        NetDevice? device = state.FindDevice(bridge.Name);
        var local = new LocalPortOf(bridge.Name);
        ImmutableArray<IPNetworkAddress> wanted = Configured(bridge);
        if (wanted.IsEmpty)
        {
            return;
        }

        if (device is not { Up: true })
        {
            draft.Add(new SetLinkUp(local, false, true), "an address answers only on a device that is up");
        }

        ImmutableArray<IPNetworkAddress> rest =
            [.. wanted.Where(address => device?.Addresses.Contains(address) != true)];
        foreach ((NetDevice? now, DeviceReference? then) in holders)
        {
            ImmutableArray<IPNetworkAddress> moved = [.. rest.Where(now.Addresses.Contains)];
            if (!moved.IsEmpty)
            {
                ImmutableArray<IPEntry> routes = RouteMoves.Of(now, then, state);
                Move(then, local, moved, routes, $"addresses on a port of {bridge.Name} do not answer", draft);
                if (RouteMoves.HasRouter(now, state))
                {
                    RouteMoves.Await(then, local, null, draft);
                }

                rest = [.. rest.Except(moved)];
            }
        }

        foreach (IPNetworkAddress address in rest)
        {
            draft.Add(new AddAddress(local, address), "the configuration sets it, and no device has it");
        }
    }

    /// <summary>Moves addresses, and the routes that need them.</summary>
    public static void Move(
        DeviceReference from, DeviceReference to, ImmutableArray<IPNetworkAddress> addresses,
        ImmutableArray<IPEntry> routes, string why, PlanDraft draft)
    {
        RouteMoves.Save(from, to, routes, null, draft);
        draft.Add(new MoveAddresses(from, to, addresses), why,
            $"{string.Join(", ", addresses)}: unreachable for a moment");
        RouteMoves.Restore(from, to, routes, null, draft);
    }

    private static IPNetworkAddress? FindSame(NetDevice device, IPAddress address) =>
        device.Addresses.FirstOrDefault(one => one.Address.Equals(address));
}
