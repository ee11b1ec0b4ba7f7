using System.Collections.Immutable;
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
        "the way out has a smaller MTU than a representor needs",
        """
        A packet from a VF leaves through the uplink, so the uplink (and the bond above it) needs an MTU at least as
        large as the VF's. If the uplink's MTU is smaller than a representor's, larger packets are dropped: offloaded
        ones in the card, without a log message.

        A tunnel adds bytes to each packet: VXLAN and Geneve 50, with OVN 58, GRE 38, and 20 more over IPv6. If the
        device that has the tunnel's local address takes no full packet of a guest with these headers, small packets
        pass and large ones do not: ping and UDP work, TCP connections stall. That is an error where a bridge connects
        the VF to the tunnel, and info where no bridge does so yet.

        A guest's own MTU is set in the guest and not visible here, so its representor's stands for it. Where the guests
        have a smaller one (by DHCP, as many clouds do), give the representors the same: ovs-vsctl set Interface
        REPRESENTOR mtu_request=N.
        """);

    /// <summary>More than the headers of any tunnel that is offloaded, and a number that people remember.</summary>
    private const int RoomForHeaders = 100;

    protected override IEnumerable<Finding> ExamineSwitchdev(PhysicalFunction pf, NicIntent? intent, Observation input)
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

        NetDevice[] guests = [.. devices.Select(pair => WiderOf(pair.Device, pf, pair.Representor, input.State))];
        int widest = guests.Max(device => device.Mtu);
        string evidence = $"ip link show: {way.Name} mtu {way.Mtu}, VF representors up to {widest}";
        TunnelPath[] tight = [.. TightTunnels(way, widest, input.State)];
        if (tight.Length == 0)
        {
            return [Unread(input.State) is { } why ? Skip(name, $"{evidence}; {why}") : Ok(name, evidence)];
        }

        // Which guests use a tunnel costs more to find out, and matters only where one is too narrow for some.
        Host.SwitchPorts ports = input.State.OpenVSwitch.Ports with { Database = input.State.OpenVSwitch.Database };
        ImmutableHashSet<string>[] beside = [.. devices.Select(pair => ports.EgressPorts(pair.Device).ValueOr([]))];
        bool anyFits = false;
        foreach (TunnelPath path in tight)
        {
            NetDevice[] users = [.. guests.Where((_, index) => beside[index].Contains(path.Tunnel.Name))];
            if (path.IsOuterKnown && users.MaxBy(device => device.Mtu) is { } user)
            {
                if (user.Mtu + path.Overhead > path.Outer.Mtu)
                {
                    return [Cut(name, path, user, users.Length)];
                }

                anyFits = true;
            }
        }

        return anyFits ? [Ok(name, $"{evidence}; those that use a tunnel leave room for its headers")]
            : [MayBeCut(name, tight[0], widest, evidence)];
    }

    /// <summary>What could not be read, and may have a tunnel or a smaller device on the way out; null for
    /// nothing.</summary>
    private static string? Unread(HostState state) =>
        state.OpenVSwitch.Database.IsFailed
            ? $"cannot read the Open vSwitch database: {state.OpenVSwitch.Database.Why}"
            : state.Devices.IsFailed ? $"cannot read the network devices: {state.Devices.Why}"
            : null;

    /// <summary>The tunnels that have no room for the headers of the widest guest.</summary>
    private static IEnumerable<TunnelPath> TightTunnels(NetDevice way, int widest, HostState state)
    {
        foreach (OvsInterface tunnel in Tunnels.Of(state))
        {
            NetDevice? outer = Tunnels.OuterDevice(tunnel, state);
            var path = new TunnelPath(tunnel, outer ?? way, outer is not null, Tunnels.Overhead(tunnel, state));
            if (path.Outer.Mtu < widest + path.Overhead)
            {
                yield return path;
            }
        }
    }

    private Finding MayBeCut(string pf, TunnelPath path, int widest, string evidence) => Found(
        FindingStatus.Info,
        pf,
        $"a full-size packet with {path.Tunnel.Type} headers would exceed the MTU of {path.Outer.Name}",
        $"{evidence}; {path.Outer.Name} mtu {path.Outer.Mtu}; tunnel {path.Tunnel.Name} adds {path.Overhead} bytes; "
            + (path.IsOuterKnown ? "no VF uses it yet" : "its local address is on no device of this network namespace"),
        "a tunnel adds its headers to each packet",
        $"ip link set {path.Outer.Name} mtu {widest + RoomForHeaders}, or set a smaller MTU in the guests (by DHCP)");

    private Finding Cut(string pf, TunnelPath path, NetDevice guest, int users)
    {
        int fits = path.Outer.Mtu - path.Overhead;
        return Found(
            FindingStatus.Error,
            pf,
            $"full-size packets of {guest.Name} with {path.Tunnel.Type} headers exceed the MTU of {path.Outer.Name}",
            $"ip link show: {guest.Name} mtu {guest.Mtu}, {path.Outer.Name} mtu {path.Outer.Mtu}; tunnel "
                + $"{path.Tunnel.Name} adds {path.Overhead} bytes; VFs of {pf} that use it: {users}",
            "small packets pass and large ones do not: ping and UDP work, TCP connections stall",
            $"ip link set {path.Outer.Name} mtu {guest.Mtu + RoomForHeaders} (and the switches behind it); or MTU "
                + $"{fits} in the guests (by DHCP) and for each representor: ovs-vsctl set Interface {guest.Name} "
                + $"mtu_request={fits}");
    }

    /// <summary>What a guest sends with: the VF's own device where the host itself uses it, else the
    /// representor.</summary>
    private static NetDevice WiderOf(
        NetDevice representor, PhysicalFunction pf, Representor port, HostState state) => pf.VirtualFunctions
        .Where(vf => vf.Index == port.VfIndex && vf.Holder.ValueOrDefault()?.Kind == HolderKind.Host)
        .SelectMany(vf => vf.Devices)
        .Select(state.FindDevice)
        .OfType<NetDevice>()
        .Where(device => device.Mtu > representor.Mtu)
        .MaxBy(device => device.Mtu) ?? representor;

    /// <summary>How packets of guests leave by a tunnel.</summary>
    /// <param name="Tunnel">The tunnel.</param>
    /// <param name="Outer">The device with its local address; the uplink where that is not known.</param>
    /// <param name="IsOuterKnown">Whether that is known.</param>
    /// <param name="Overhead">Bytes that it adds.</param>
    private sealed record TunnelPath(OvsInterface Tunnel, NetDevice Outer, bool IsOuterKnown, int Overhead);
}
