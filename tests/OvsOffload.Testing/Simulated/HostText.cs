using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent.Configuration;
using OvsOffload.Netlink;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Testing;

/// <summary>
/// Everything that steps can change of a <see cref="SimulatedHost"/>, one thing a line, to hold one host against
/// another. Devices go by name, for those that are made again have another number.
/// </summary>
internal static class HostText
{
    /// <summary>The lines, in an order that does not depend on who was made first.</summary>
    /// <param name="host">The host.</param>
    /// <param name="representors">Whether the settings of representors count; they begin anew with their VFs.</param>
    public static ImmutableArray<string> Of(HostState host, bool representors = true)
    {
        OpenVSwitchDatabase database = host.OpenVSwitch.Database.Value;
        HashSet<string> made = representors
            ? []
            : [.. host.KnownFunctions.SelectMany(pf => pf.Representors.ValueOr([])).Select(one => one.Device!.Name)];
        ImmutableArray<NetDevice> devices = host.Devices.Value;
        var names = devices.ToDictionary(device => device.Index, device => device.Name);
        IEnumerable<string> lines =
        [
            .. host.KnownFunctions.SelectMany(OfPf),
            .. made.Select(name => $"representor {name}"),
            .. devices.Where(device => !made.Contains(device.Name)).Select(device =>
                $"device {device.Name} mtu {device.Mtu} {(device.Up ? "up" : "down")} tc-offload {Offload(device)} "
                + $"lower {Name(device.Lower)} master {Name(device.Master)}"
                + (device.Kind is "bond" or "openvswitch" ? "" : $" mac {device.Address}")),
            .. devices.SelectMany(device => device.Addresses, (device, one) => $"address {one} on {device.Name}"),
            .. host.Routing.Value.Links.Where(link => names.ContainsKey(link.Key)).SelectMany(
                link => link.Value.Entries, (link, entry) => $"route {IPEntryText.Of(entry)} on {names[link.Key]}"),
            .. host.Bonds.ValueOr([]).SelectMany(OfBond),
            .. database.OtherConfig.Select(pair => $"other_config {pair.Key}={pair.Value}"),
            .. database.Bridges.Select(bridge => $"bridge {bridge.Name} managed {bridge.IsManaged}"),
            .. database.Bridges.SelectMany(
                bridge => bridge.Ports,
                (bridge, port) => $"port {port.Name} of {bridge.Name} managed {port.IsManaged}"),
        ];
        return [.. lines.Order(StringComparer.Ordinal)];

        string Name(int? index) => index is { } known ? names.GetValueOrDefault(known, "?") : "-";

        IEnumerable<string> OfBond(BondState bond) =>
        [
            .. BondOptionList.All.Select(option => $"bond {bond.Name} {option.Name} {option.Text(bond.Options)}"),
            $"bond {bond.Name} primary {Name(bond.Options.Primary)}",
        ];
    }

    private static string Offload(NetDevice device) =>
        device.HwTcOffload.TryGet(out OffloadFeature? feature) ? feature.On ? "on" : "off" : "-";

    private static IEnumerable<string> OfPf(PhysicalFunction pf) =>
    [
        $"{pf.Address} mode {pf.Mode} encap {pf.Eswitch.ValueOrDefault()?.EncapMode} steering {pf.SteeringMode} "
            + $"vfs {pf.VfCount} autoprobe {pf.DriversAutoprobe} rules {pf.NameRules}",

        // In legacy mode nobody sees it.
        .. pf.Mode == EswitchMode.Switchdev
            ? [$"{pf.Address} inline {pf.Eswitch.ValueOrDefault()?.InlineMode}"]
            : Array.Empty<string>(),

        // driver_override of a VF without a driver counts at its next bind only, and that sets it.
        .. pf.VirtualFunctions.Select(vf => $"{pf.Address} vf{vf.Index} driver {vf.Driver} mac {vf.Mac}"
            + (vf.Driver is null ? "" : $" override {vf.DriverOverride}")),
    ];
}
