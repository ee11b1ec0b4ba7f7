using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.OpenVSwitch;
using OvsOffload.Os;
using OvsOffload.Status;

namespace OvsOffload.Page;

/// <summary>Makes pictures of hosts. Pure.</summary>
internal static class HostPictures
{
    /// <summary>The picture of a host as it was read.</summary>
    public static HostPicture Of(Observation input)
    {
        HostState state = input.State;
        Dictionary<string, string> bridges =
            state.OpenVSwitch.Database.ValueOrDefault()?.BridgesByInterface() ?? [];
        return new HostPicture
        {
            ReadAt = state.ReadAt,
            ReadTimestamp = state.ReadTimestamp,
            Name = state.HostName,
            Cards = state.PhysicalFunctions.Map(all => Cards(input, all, bridges)),
            Bonds = state.Bonds.Map<ImmutableArray<BondPicture>>(all => [.. all.Select(bond => Bond(bond, bridges))]),
            Bridges = state.OpenVSwitch.Database.Map<ImmutableArray<BridgePicture>>(database =>
            [
                .. database.Bridges.Select(bridge => new BridgePicture(
                    bridge.Name,
                    bridge.Datapath,
                    bridge.Ports.Count(port => port.Name != bridge.Name))),
            ]),
            Switch = Switch(state.OpenVSwitch),
            Unreadable = [.. UnreadFacts.OfHost(input).Select(fact => $"{fact}")],
        };
    }

    private static ImmutableArray<CardPicture> Cards(
        Observation input, ImmutableArray<PhysicalFunction> functions, Dictionary<string, string> bridges)
    {
        var cards = new List<List<PhysicalFunction>>();
        foreach (PhysicalFunction pf in functions)
        {
            List<PhysicalFunction>? card = cards.Find(ports => ports[0].IsOnSameCard(pf));
            if (card is null)
            {
                cards.Add([pf]);
            }
            else
            {
                card.Add(pf);
            }
        }

        return
        [
            .. cards.Select(
                card => new CardPicture(card[0].Model.Name, [.. card.Select(pf => Pf(input, pf, bridges))])),
        ];
    }

    private static PfPicture Pf(Observation input, PhysicalFunction pf, Dictionary<string, string> bridges)
    {
        var representors = new Dictionary<int, Representor>();
        foreach (Representor port in pf.VfRepresentors)
        {
            representors[port.VfIndex!.Value] = port;
        }

        return new PfPicture
        {
            Address = pf.Address.ToString(),
            Uplink = Device(pf.Uplink),
            Driver = pf.Driver,
            Firmware = pf.Firmware.ValueOrDefault()?.Running,
            Mode = InventoryDocument.ModeForPeople(pf),
            Vfs = pf.VfCount,
            VfLimit = pf.VfLimit,
            VfsDesired = input.IntentOf(pf)?.Vfs,
            Functions =
            [
                .. pf.VirtualFunctions.Select(
                    vf => Vf(vf, RepresentorOf(pf, representors.GetValueOrDefault(vf.Index)), bridges)),
                .. pf.Representors.ValueOr([]).Where(port => port.VfIndex is null || port.External)
                    .Select(port => Other(port, bridges)),
            ],
            Bond = BondOf(input.State, pf)?.Name,
            Bridge = BridgeOf(pf.Uplink, bridges),
        };
    }

    private static Reading<DevicePicture> RepresentorOf(PhysicalFunction pf, Representor? port) =>
        pf.Representors.IsFailed
        ? Reading.Failed<DevicePicture>(pf.Representors.Why)
        : Device(port?.Device) is { } device ? Reading.Known(device) : Reading.Absent<DevicePicture>("no representor");

    private static FunctionPicture Vf(
        VirtualFunction vf, Reading<DevicePicture> representor, Dictionary<string, string> bridges) => new(
            $"vf{vf.Index}",
            vf.Index,
            vf.Address.ToString(),
            vf.Driver,
            vf.Holder.Match(Kind, _ => FunctionHolder.Free, _ => FunctionHolder.Unknown),
            vf.Holder.Match(holder => holder.Description, _ => "", why => why),
            representor,
            representor.ValueOrDefault() is { } device ? bridges.GetValueOrDefault(device.Name) : null);

    private static FunctionPicture Other(Representor port, Dictionary<string, string> bridges) => new(
        port.External ? $"c{port.Controller} {port.Function}" : port.Function,
        null,
        null,
        null,
        FunctionHolder.Elsewhere,
        port.External ? "function of another host" : "not a VF; its user is unknown",
        Device(port.Device) is { } device ? Reading.Known(device) : Reading.Absent<DevicePicture>("no representor"),
        BridgeOf(port.Device, bridges));

    private static FunctionHolder Kind(Holder holder) => holder.Kind switch
    {
        HolderKind.Vfio => FunctionHolder.Guest,
        HolderKind.NetworkNamespace => FunctionHolder.Container,
        HolderKind.Claim => FunctionHolder.Claim,
        HolderKind.Host or HolderKind.Rdma => FunctionHolder.Host,
        _ => FunctionHolder.Unknown,
    };

    private static DevicePicture? Device(NetDevice? device) =>
        device is null ? null : new DevicePicture(device.Name, device.Up, device.Carrier);

    private static string? BridgeOf(NetDevice? device, Dictionary<string, string> bridges) =>
        device is null ? null : bridges.GetValueOrDefault(device.Name);

    private static BondState? BondOf(HostState state, PhysicalFunction pf) =>
        state.Bonds.ValueOr([]).FirstOrDefault(bond => bond.Members.Any(member => member.Pf == pf.Address));

    private static BondPicture Bond(BondState bond, Dictionary<string, string> bridges) => new(
        bond.Name,
        bond.Mode?.ToName(),
        [.. bond.Members.Select(member => member.Device.Name)],
        bond.Active.Count(),
        bond.VfLag.State.ToString().ToLowerInvariant(),
        bond.VfLag.ToString(),
        BridgeOf(bond.Device, bridges));

    private static string Switch(OpenVSwitchState state)
    {
        if (!state.Database.TryGet(out OpenVSwitchDatabase? database))
        {
            return state.Database.IsAbsent
                ? "No Open vSwitch"
                : $"cannot read Open vSwitch: {state.Database.Why}";
        }

        string daemon = state.Daemon.Match(
            version => $"Open vSwitch {version}", _ => "ovs-vswitchd is not running",
            _ => "ovs-vswitchd does not respond");
        string configured = database.OffloadConfigured ? "configured" : "not configured";
        string effective = state.HwOffload.Match(
            effect => effect.IsActive ? "yes" : "no",
            _ => "unknown",
            _ => "unknown");
        return $"{daemon}, hw-offload {configured}; active: {effective}";
    }
}
