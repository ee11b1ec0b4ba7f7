using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Planning;

/// <summary>
/// Plans bridges and their ports. What ovs-offload adds carries its mark; other rows are never touched.
/// </summary>
internal static class BridgePlanner
{
    /// <summary>Adds the steps for all bridges.</summary>
    public static void Plan(
        ImmutableArray<BridgeIntent> bridges, HostIntent intent, HostState state, OpenVSwitchDatabase database,
        ImmutableDictionary<PfReference, PhysicalFunction> functions, Stage stage, PlanDraft draft)
    {
        foreach (BridgeIntent bridge in bridges)
        {
            draft.Scope = new Scope.OfBridge(bridge.Name);
            if (!state.Devices.IsKnown)
            {
                draft.Object(ObjectionKind.Unreadable, bridge.Name,
                    $"the network devices could not be read: {state.Devices.Why}",
                    bridge.Source["uplink"]);
                continue;
            }

            if (!AllowsRepresentors(bridge, state, draft)
                || Uplink(bridge, intent, state, functions, draft) is not { } uplink
                || !BridgeAddresses.AreConsistent(bridge, uplink.Devices, state, draft)
                || !uplink.Pfs.All(pf => IsReadyInTime(bridge, pf, NicOf(pf, intent, functions), stage, draft)))
            {
                continue;
            }

            OvsBridge? row = database.Bridges.FirstOrDefault(candidate => candidate.Name == bridge.Name);
            if (!CanJoin(bridge, uplink.Device, intent, state, database, row, draft))
            {
                continue;
            }

            if (row is null)
            {
                // Neighbours know the addresses that move by the uplink's MAC address. A bond without members has a
                // random one until it gets them.
                bool settled = state.FindBond(bridge.Uplink.Bond ?? "") is not { Members.IsEmpty: true };
                draft.Add(
                    new AddBridge(
                        bridge.Name, bridge.Addresses.Count > 0 && settled ? uplink.Device?.Address : null),
                    "the configuration defines it");
            }

            if (uplink.Device is null || PortOf(row, uplink.Device) is null)
            {
                draft.Add(new AddPort(bridge.Name, uplink.Reference), "it connects the bridge to the wire");
            }

            BridgeAddresses.Plan(bridge, uplink.Holders, state, draft);
            Representors(bridge, uplink, intent, state, row, functions, draft);
        }
    }

    private static bool AllowsRepresentors(BridgeIntent bridge, HostState state, PlanDraft draft)
    {
        if (bridge.Representors != RepresentorPorts.All || state.OpenVSwitch.Agents.IsEmpty)
        {
            return true;
        }

        draft.Object(ObjectionKind.Refused, bridge.Name,
            "representors: all would add ports that an agent manages: "
                + string.Join("; ", state.OpenVSwitch.Agents) + ". Use representors: none, and let the agent add them",
            bridge.Source["representors"]);
        return false;
    }

    private static ResolvedUplink? Uplink(
        BridgeIntent bridge, HostIntent intent, HostState state,
        ImmutableDictionary<PfReference, PhysicalFunction> functions, PlanDraft draft)
    {
        if (bridge.Uplink.Bond is { } bond)
        {
            BondIntent? meant = intent.Bonds.FirstOrDefault(candidate => candidate.Name == bond);
            NetDevice? device = state.FindDevice(bond);
            ImmutableArray<PhysicalFunction> members =
                [.. (meant?.Members ?? []).Where(functions.ContainsKey).Select(member => functions[member])];
            bool managed = meant is { Managed: Management.Full };

            // It gets its members before the bridge's ports are made, and with them the addresses that they have now.
            if (managed && members.Where(pf => device is null || pf.Uplink?.Master != device.Index)
                .Select(pf => LostAddresses(bridge, pf.Uplink)).FirstOrDefault(lost => lost is not null) is { } lost)
            {
                draft.Object(ObjectionKind.Refused, bridge.Name, lost, bridge.Source["uplink"]);
                return null;
            }

            if (device is null && managed)
            {
                return new ResolvedUplink(new DeviceNamed(bond), null, members);
            }

            if (device?.Kind != "bond")
            {
                draft.Object(ObjectionKind.Configuration, bridge.Name,
                    device is null
                        ? $"its uplink {bond} does not exist on this host"
                        : $"its uplink {bond} is not a bond but {device.Kind ?? "a plain device"}",
                    bridge.Source["uplink"]);
                return null;
            }

            return new ResolvedUplink(new DeviceNamed(bond), device, members);
        }

        if (!functions.TryGetValue(bridge.Uplink.Pf!, out PhysicalFunction? pf))
        {
            return null;
        }

        NicIntent? nic = NicOf(pf, intent, functions);
        if (!pf.OffloadExpected(nic))
        {
            // Where the file itself asks for both it is wrong, and nothing of it is applied.
            draft.Object(ObjectionKind.Configuration, bridge.Name,
                $"its uplink {pf.Address} is not in switchdev mode, so no flow of this bridge could be offloaded; "
                    + "set mode: switchdev for it", bridge.Source["uplink"],
                nic?.Mode is null ? draft.Scope : null);
            return null;
        }

        return new ResolvedUplink(new UplinkOf(pf.Address), pf.Uplink, [pf]);
    }

    /// <summary>
    /// Whether a PF that is to be in switchdev mode will be so when the bridge gets it: it is, or the same plan sees to
    /// it.
    /// </summary>
    private static bool IsReadyInTime(
        BridgeIntent bridge, PhysicalFunction pf, NicIntent? nic, Stage stage, PlanDraft draft)
    {
        if (nic?.Mode != NicMode.Switchdev
            || pf.Mode == EswitchMode.Switchdev
            || (stage != Stage.Post && nic.Managed == Management.Full))
        {
            return true;
        }

        (ObjectionKind kind, string text) = pf.Eswitch.IsFailed
            ? (ObjectionKind.Unreadable, $"the mode of {pf.Address} below it could not be read: {pf.Eswitch.Why}")
            : (ObjectionKind.Refused, $"{pf.Address} below it is not in switchdev mode yet; "
                + (nic.Managed == Management.Full
                    ? "run apply --stage pre first"
                    : "switch it first where it is managed"));
        draft.Object(kind, bridge.Name, text, bridge.Source["uplink"]);
        return false;
    }

    private static NicIntent? NicOf(
        PhysicalFunction pf, HostIntent intent, ImmutableDictionary<PfReference, PhysicalFunction> functions) =>
        intent.Nics.FirstOrDefault(nic =>
            functions.TryGetValue(nic.Pf, out PhysicalFunction? named) && named.Address == pf.Address);

    private static bool CanJoin(
        BridgeIntent bridge, NetDevice? uplink, HostIntent intent, HostState state, OpenVSwitchDatabase database,
        OvsBridge? row, PlanDraft draft)
    {
        if (uplink is null || PortOf(row, uplink) is not null)
        {
            return true;
        }

        OvsBridge? other = database.Bridges.FirstOrDefault(candidate => PortOf(candidate, uplink) is not null);
        NetDevice? master = state.Devices.Value.FirstOrDefault(device => device.Index == uplink.Master);
        (ObjectionKind Kind, string Text)? no = null;
        if (other is not null)
        {
            no = (ObjectionKind.Refused, $"{uplink.Name} is already a port of bridge {other.Name}");
        }
        else if (master is not null && master.Kind != "openvswitch")
        {
            no = (ObjectionKind.Configuration,
                $"{uplink.Name} is a port of {master.Name} ({master.Kind}); name that as the uplink");
        }
        else if (Protection.Of(uplink.Name, intent, state) is { } protection)
        {
            no = (protection.Kind, $"{uplink.Name} {protection.Why}; adding it to {bridge.Name} would cut that");
        }
        else if (LostAddresses(bridge, uplink) is { } lost)
        {
            no = (ObjectionKind.Refused, lost);
        }

        else if (!state.Routing.IsKnown)
        {
            no = (ObjectionKind.Unreadable, $"the routes of {uplink.Name}, which stop working on a port of a bridge, "
                + $"could not be read: {state.Routing.Why}");
        }
        else if (bridge.Addresses.Count == 0
            && state.Routing.ValueOr(RoutingState.None).Of(uplink).Routes is [var route, ..])
        {
            no = (ObjectionKind.Refused, $"{uplink.Name} has the {route}, which stops working on a port of a bridge; "
                + "list the host's addresses under addresses of the bridge, which moves it there, or remove it first");
        }

        if (no is not { } objection)
        {
            return true;
        }

        draft.Object(objection.Kind, bridge.Name, objection.Text, bridge.Source["uplink"]);
        return false;
    }

    private static void Representors(
        BridgeIntent bridge, ResolvedUplink uplink, HostIntent intent, HostState state, OvsBridge? row,
        ImmutableDictionary<PfReference, PhysicalFunction> functions, PlanDraft draft)
    {
        if (bridge.Representors != RepresentorPorts.All)
        {
            return;
        }

        var wanted = new List<NetDevice>();
        bool anew = false;
        foreach (PhysicalFunction pf in uplink.Pfs)
        {
            NicIntent? nic = NicOf(pf, intent, functions);
            if (UnreadableReason(pf, nic) is { } unread)
            {
                // With VFs or representors unseen, guests' ports would count as stale.
                draft.Object(ObjectionKind.Unreadable, bridge.Name,
                    $"which ports belong to VFs of {pf.Address} could not be read: {unread}",
                    bridge.Source["representors"]);
                return;
            }

            int vfs = nic?.Vfs ?? pf.VfCount.ValueOr(0);
            for (int vf = 0; vf < vfs; vf++)
            {
                NetDevice? device = pf.RepresentorOf(vf)?.Device;
                anew |= device is null;
                if (device is null || PortOf(row, device) is null)
                {
                    draft.Add(new AddPort(bridge.Name, new RepresentorOf(pf.Address, vf)), "representors: all");
                }

                if (device is not null)
                {
                    wanted.Add(device);
                }
            }
        }

        // While representors are still to come their names are not known, so no row can be told to be stale.
        if (anew || row is null)
        {
            return;
        }

        foreach (OvsPort port in row.Ports.Where(port => port.IsManaged && port.Name != bridge.Name
            && !wanted.Any(device => device.HasName(port.Name)) && uplink.Device?.HasName(port.Name) != true))
        {
            draft.Add(new DeletePort(bridge.Name, port.Name),
                "ovs-offload added it for a representor that no longer exists");
        }
    }

    private static string? UnreadableReason(PhysicalFunction pf, NicIntent? nic) =>
        nic?.Vfs is null && pf.VfCount.IsFailed ? pf.VfCount.Why
        : pf.Representors.IsFailed ? pf.Representors.Why
        : null;

    /// <summary>Which addresses of an uplink are not configured for the bridge, in a sentence; null where there is
    /// none.</summary>
    private static string? LostAddresses(BridgeIntent bridge, NetDevice? uplink)
    {
        ImmutableArray<IPNetworkAddress> lost =
            [.. (uplink?.Addresses ?? []).Except(BridgeAddresses.Configured(bridge))];
        return lost.IsEmpty
            ? null
            : $"{uplink!.Name} has {string.Join(", ", lost)}, which stops working on a port of a bridge; list it "
                + "under addresses of the bridge, which moves it there, or remove it first (a tunnel endpoint "
                + "belongs on an uplink of its own)";
    }

    private static OvsPort? PortOf(OvsBridge? bridge, NetDevice device) => bridge?.Ports.FirstOrDefault(
        port => port.Interfaces.Any(row => device.HasName(row.Name)));

    /// <summary>What a bridge ends in: its uplink, and the PFs whose representors belong to it.</summary>
    private sealed record ResolvedUplink(
        DeviceReference Reference, NetDevice? Device, ImmutableArray<PhysicalFunction> Pfs)
    {
        /// <summary>Every device below the bridge that is there now.</summary>
        public ImmutableArray<NetDevice> Devices => [.. Holders.Select(holder => holder.Now)];

        /// <summary>The devices below the bridge, with what has their addresses when the bridge gets its
        /// ports.</summary>
        public ImmutableArray<(NetDevice Now, DeviceReference Then)> Holders =>
        [
            .. Device is null ? [] : new[] { (Device, Reference) },
            .. Pfs.Where(pf => pf.Uplink is not null && pf.Uplink.Index != Device?.Index).Select(pf =>
                (pf.Uplink!,
                    Device is { } bond && pf.Uplink!.Master == bond.Index ? new UplinkOf(pf.Address) : Reference)),
        ];
    }
}
