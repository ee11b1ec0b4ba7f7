using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.Nics;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Verifying;

/// <summary>A bridge has ports of both PFs of one card, which are two e-switches.</summary>
internal sealed class O41PortsNotBonded : SwitchCheck
{
    public override CheckInfo Info { get; } = new(
        "O41",
        "ports-not-bonded",
        CheckSeverity.Warning,
        "a bridge has ports of two PFs of one card that are not bonded",
        """
        The two ports of a card are two e-switches, even if both report the same phys_switch_id. Without a bond
        that is active in hardware (VF-LAG) or multiport e-switch, mlx5 rejects flows from a VF of one port to
        the uplink of the other, and back; before ConnectX-5 also those from VF to VF of the other port (merged
        e-switch). It rejects them with a message that neither the kernel log nor ovs-vswitchd's log has at its
        default level, so this check looks at the configuration alone: which PF each port of a bridge belongs
        to.

        Where the bridge has the uplinks of both, each VF may use its own, so that is info. Such flows are dp:tc without
        offloaded:yes, and flows why names them ports_not_bonded.
        """);

    protected override IEnumerable<Finding> Examine(OpenVSwitchDatabase database, Observation input)
    {
        HostState state = input.State;
        if (!input.OffloadExpected)
        {
            return [Skip(Objects.Switch, $"offload is not expected: {input.OffloadReason}")];
        }

        if (state.PhysicalFunctions.IsFailed || !state.Devices.IsKnown || !state.Bonds.IsKnown)
        {
            return [Skip(Objects.Switch, state.PhysicalFunctions.IsFailed
                ? Objects.UnreadableReason(state.PhysicalFunctions)
                : $"cannot read the network devices: {(state.Devices.IsKnown ? state.Bonds.Why : state.Devices.Why)}")];
        }

        if (Objects.UnreadableEswitch(state) is { } unread)
        {
            return [Skip(Objects.Switch, unread)];
        }

        if (state.KnownFunctions.FirstOrDefault(pf => pf.Mode == EswitchMode.Switchdev && pf.Representors.IsFailed)
            is { } unlisted)
        {
            return [Skip(
                Objects.Switch, $"cannot read the representors of {unlisted.Address}: {unlisted.Representors.Why}")];
        }

        Finding[] found =
        [
            .. database.Bridges.Where(bridge => bridge.UsesKernelDatapath).SelectMany(bridge => Judge(bridge, state)),
        ];
        return found.Length > 0
            ? found
            : [Ok(
                Objects.Switch,
                $"ovs-vsctl list-ports: no bridge of {database.Bridges.Count} has ports of two PFs of one "
                + "card that are not bonded")];
    }

    /// <summary>The first two ports that cannot reach each other; else the first of which that is not known.</summary>
    private IEnumerable<Finding> Judge(OvsBridge bridge, HostState state)
    {
        // Where a port is decides, not which of a PF's representors it is: one of each place is as good as all.
        Place[] places =
        [
            .. bridge.Interfaces.Select(row => PlaceOf(row, state)).OfType<Place>()
                .DistinctBy(place => (place.Pf.Address, place.IsUplink)),
        ];
        (Place Here, Place There)[] apart =
        [
            .. from here in places
               from there in places
               where there.Pf.Address != here.Pf.Address && there.Pf.SwitchId is { } id && id == here.Pf.SwitchId
               where here.IsUplink != there.IsUplink
                   || (!here.IsUplink && here.Pf.Model[NicFeature.MergedEswitch] == SupportLevel.None)
               select (here, there),
        ];
        foreach ((Place here, Place there) in apart)
        {
            if (JoinedPorts.Of(state, here.Pf).TryGet(out bool joined) && !joined)
            {
                return [NotJoined(bridge, places, here, there)];
            }
        }

        return apart.Select(pair => JoinedPorts.Of(state, pair.Here.Pf)).Where(read => read.IsFailed).Take(1)
            .Select(read => Skip($"bridge {bridge.Name}", read.Why));
    }

    private Finding NotJoined(OvsBridge bridge, Place[] places, Place here, Place there)
    {
        bool haveUplinks = places.Any(place => place.IsUplink && place.Pf.Address == here.Pf.Address)
            && places.Any(place => place.IsUplink && place.Pf.Address == there.Pf.Address);
        return Found(
            haveUplinks ? FindingStatus.Info : Severity,
            $"bridge {bridge.Name}",
            $"{bridge.Name} has ports of {here.Pf.Address} and {there.Pf.Address}, which are not bonded",
            $"ovs-vsctl list-ports {bridge.Name}: {here.Name} of {here.Pf.Address}, {there.Name} of "
                + $"{there.Pf.Address} ({here.Pf.Model.Name}); no bond of both is active in hardware, and no "
                + "multiport e-switch is on",
            "the NIC forwards between its two ports only in a VF-LAG or with multiport e-switch"
                + (here.IsUplink == there.IsUplink ? "; VF to VF of the other port needs ConnectX-5 or later" : ""),
            $"use one bridge per port: ovs-vsctl del-port {bridge.Name} {there.Name}; or bond the two ports "
                + "(bonds: in the configuration)");
    }

    private static Place? PlaceOf(OvsInterface row, HostState state)
    {
        if (row.Type.Length > 0 || state.FindDevice(row.Name) is not { } device)
        {
            return null;
        }

        foreach (PhysicalFunction pf in state.KnownFunctions.Where(pf => pf.Mode == EswitchMode.Switchdev))
        {
            bool isUplink = pf.Uplink?.Index == device.Index;
            if (isUplink || pf.Representors.ValueOr([]).Any(one => one.Device?.Index == device.Index))
            {
                return new Place(row.Name, pf, isUplink);
            }
        }

        return null;
    }

    private sealed record Place(string Name, PhysicalFunction Pf, bool IsUplink);
}
