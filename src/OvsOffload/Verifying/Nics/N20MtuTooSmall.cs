using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Verifying;

/// <summary>The way out of the host takes smaller packets than a VF sends.</summary>
internal sealed class N20MtuTooSmall : RepresentorCheck
{
    public override CheckInfo Info { get; } = new(
        "N20",
        "mtu-too-small",
        CheckSeverity.Error,
        "the uplink's MTU is smaller than a representor's",
        """
        A packet from a VF leaves through the uplink, so the uplink (and the bond above it) needs an MTU at least as
        large as the VF's. If the uplink's MTU is smaller than a representor's, larger packets are dropped: offloaded
        ones in the card, without a log message. The VF's own MTU is set in the guest and not visible here; the
        representor's limits it on the slow path.

        A tunnel adds 50 bytes and more (VXLAN over IPv4: 50, over IPv6: 70). Guests with 1500 above an uplink with 1500
        then need a smaller MTU, which many clouds announce by DHCP; that is reported as info.
        """);

    /// <summary>Ethernet 14, IPv4 20, UDP 8, VXLAN 8.</summary>
    private const int TunnelOverhead = 50;

    protected override IEnumerable<Finding> ExamineSwitchdev(PhysicalFunction pf, NicIntent? wish, Observation input)
    {
        string name = pf.Address.ToString();
        if (pf.Uplink is not { } uplink)
        {
            return [Skip(name, "the uplink has no device in this network namespace")];
        }

        (Representor Representor, NetDevice Device)[] devices = [.. Devices(pf)];
        if (devices.Length == 0)
        {
            return [Skip(name, "the PF has no VF representors")];
        }

        NetDevice way = input.State.Devices.ValueOr([])
            .FirstOrDefault(device => device.Index == uplink.Master && device.Kind == "bond" && device.Mtu < uplink.Mtu)
            ?? uplink;
        Finding[] larger =
        [
            .. devices.Where(pair => pair.Device.Mtu > way.Mtu).Select(pair => Found(
                FindingStatus.Error,
                Objects.Of(pf, pair.Representor),
                $"{pair.Device.Name} has MTU {pair.Device.Mtu}, but {way.Name} only {way.Mtu}",
                $"ip link show: {pair.Device.Name} mtu {pair.Device.Mtu}, {way.Name} mtu {way.Mtu}",
                "the MTU was raised on the representor but not on the uplink",
                $"ip link set {way.Name} mtu {pair.Device.Mtu} (the uplink first, and the switch behind it), or ip "
                    + $"link set {pair.Device.Name} mtu {way.Mtu}")),
        ];
        if (larger.Length > 0)
        {
            return larger;
        }

        int widest = devices.Max(pair => pair.Device.Mtu);
        string evidence = $"ip link show: {way.Name} mtu {way.Mtu}, VF representors up to {widest}";
        OvsInterface? tunnel = Tunnels.Of(input.State).FirstOrDefault();
        return tunnel is not null && way.Mtu < widest + TunnelOverhead
            ?
            [
                Found(FindingStatus.Info, name, $"a full-size packet with {tunnel.Type} headers exceeds the MTU of "
                    + $"{way.Name}",
                    $"{evidence}; tunnel {tunnel.Name}", "a tunnel adds 50 bytes and more to each packet",
                    $"ip link set {way.Name} mtu {widest + 100}, or set a smaller MTU in the guests (by DHCP)"),
            ]
            : [Ok(name, evidence)];
    }
}
