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
        "the other end of a tunnel is not resolved",
        """
        For a flow into a tunnel the driver needs the hardware address of the next hop. While the kernel has none the
        flow goes the slow path; when the neighbour is found, the driver moves it into hardware by itself. A neighbour
        that stays incomplete does not answer ARP: the other host is down, the VLAN is wrong, or the tunnel's address is
        on a network without that host.

        Only IPv4 and remote ends on the same network are looked at; behind a router its own neighbour is what counts.
        """);

    protected override IEnumerable<Finding> Examine(OpenVSwitchDatabase database, VerifyInput input)
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
                    input.WantsOffload ? FindingStatus.Warning : FindingStatus.Info,
                    $"tunnel {tunnel.Name}",
                    $"{neighbour.Address}, the other end of the tunnel, does not answer",
                    $"/proc/net/arp: {neighbour.Address} on {neighbour.Device} is incomplete",
                    "the other host is down, or not on the network of the tunnel's address",
                    $"ping {neighbour.Address}; check VLAN, cabling and the tunnel's remote_ip")),
        ];
        return found.Length > 0
            ? found
            : [Ok(Objects.Switch, $"/proc/net/arp: none of {tunnels.Length} tunnels' other ends is incomplete")];
    }
}
