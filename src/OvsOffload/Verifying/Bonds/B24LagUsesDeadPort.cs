using System.Collections.Immutable;
using System.Globalization;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.Sysfs;

namespace OvsOffload.Verifying;

/// <summary>The NIC sends offloaded packets to a port that has lost its link.</summary>
internal sealed class B24LagUsesDeadPort : BondCheck
{
    public override CheckInfo Info { get; } = new(
        "B24",
        "lag-uses-dead-port",
        CheckSeverity.Error,
        "the NIC sends packets to a port without link",
        """
        In hardware a bond is a table: for each of the card's ports, the port through which its packets leave ("1:2" in
        lag/mapping). If a member loses its link, mlx5 gives the firmware a new table. If the firmware rejects it
        ("Failed to modify LAG"), the old one stays: the bond in software has failed over, pings from the host work, and
        the guests' offloaded traffic is lost.

        With port_sel_mode hash, lag/mapping shows what the bond requested, not what the NIC uses, so this check is
        skipped.
        """);

    protected override IEnumerable<Finding> Examine(BondState bond, BondIntent? intent, Observation input)
    {
        if (bond.VfLag.State != VfLagState.Active || bond.Lag.ValueOrDefault() is not { IsActive: true } lag)
        {
            return [Skip(bond.Name, "no mlx5 VF-LAG is known to be active")];
        }

        if (!lag.Mapping.TryGet(out ImmutableArray<string> mapping)
            || !lag.Members.TryGet(out ImmutableArray<PciAddress> ports))
        {
            return [Skip(bond.Name, lag.Mapping.Why ?? lag.Members.Why ?? $"{lag.Directory}/mapping is empty")];
        }

        if (lag.PortSelection.ValueOrDefault() == "hash")
        {
            return [Skip(bond.Name, $"{lag.Directory}/port_sel_mode: hash")];
        }

        string evidence = $"{lag.Directory}/mapping: {string.Join(' ', mapping)}";
        BondMember? dead = mapping.Select(line => MemberOf(line, ports, bond))
            .FirstOrDefault(member => member is { Slave.Link: BondSlaveLink.Down });
        return dead is null || bond.Members.All(member => member.Slave.Link == BondSlaveLink.Down)
            ? [Ok(bond.Name, evidence)]
            :
            [
                Found(
                    FindingStatus.Error, bond.Name,
                    $"{bond.Name}: the NIC sends packets to {dead.Device.Name}, which has no link",
                    $"{evidence}; {dead.Device.Name} (port {ports.IndexOf(dead.Pf!.Value) + 1}) has no link",
                    "the firmware rejected the new port mapping (\"Failed to modify LAG\" in dmesg)",
                    $"restore the link of {dead.Device.Name}, or remove the port: ip link set {dead.Device.Name} "
                        + "nomaster"),
            ];
    }

    /// <summary>The member that <c>2:1</c> sends packets to: the port behind the colon, counted from 1.</summary>
    private static BondMember? MemberOf(string line, ImmutableArray<PciAddress> ports, BondState bond) =>
        int.TryParse(line.AsSpan(line.IndexOf(':') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port)
            && port >= 1 && port <= ports.Length
            ? bond.Members.FirstOrDefault(member => member.Pf == ports[port - 1])
            : null;
}
