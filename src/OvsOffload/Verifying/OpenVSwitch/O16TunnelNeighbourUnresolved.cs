using OvsOffload.Host;
using OvsOffload.OpenVSwitch;
using OvsOffload.Platform;

namespace OvsOffload.Verifying;

/// <summary>The other end of a tunnel does not answer ARP.</summary>
internal sealed class O16TunnelNeighbourUnresolved : SwitchCheck
{
    public override CheckInfo Info { get; } = new(
        "O16",
        "tunnel-neighbour-unresolved",
        CheckSeverity.Warning,
        "the remote end of a tunnel does not answer ARP",
        """
        For a flow into a tunnel the driver needs the MAC address of the next hop. While the kernel has none the flow
        takes the slow path; once the neighbour is resolved, the driver offloads the flow. A neighbour that stays
        incomplete does not answer ARP: the other host is down, the VLAN is wrong, or the tunnel's address is on the
        wrong network.

        Only IPv4 and remote ends on the same network are checked; behind a router, the router's neighbour entry counts.
        """);

    protected override IEnumerable<Finding> Examine(OpenVSwitchDatabase database, Observation input)
    {
        OvsInterface[] tunnels = [.. Tunnels.Of(input.State).Where(row => Tunnels.RemoteAddress(row) is not null)];
        if (tunnels.Length == 0)
        {
            return [Skip(Objects.Switch, "no tunnel of Open vSwitch has a remote_ip")];
        }

        if (!input.State.Platform.Neighbours.TryGet(out IReadOnlyList<Neighbour>? neighbours))
        {
            return [Skip(Objects.Switch, $"/proc/net/arp: {input.State.Platform.Neighbours.Why}")];
        }

        Finding[] found =
        [
            .. tunnels.Join(
                neighbours.Where(neighbour => !neighbour.Resolved),
                Tunnels.RemoteAddress,
                neighbour => neighbour.Address,
                (tunnel, neighbour) => Found(
                    input.OffloadExpected ? FindingStatus.Warning : FindingStatus.Info,
                    $"tunnel {tunnel.Name}",
                    $"{neighbour.Address}, the remote end of the tunnel, does not answer ARP",
                    $"/proc/net/arp: {neighbour.Address} on {neighbour.Device} is incomplete",
                    "the remote host is down, or not on the network of the tunnel's local address",
                    $"ping {neighbour.Address}; check VLAN, cabling and the tunnel's remote_ip")),
        ];
        return found.Length > 0
            ? found
            : [Ok(Objects.Switch, $"/proc/net/arp: no incomplete entry for {tunnels.Length} tunnels")];
    }
}
