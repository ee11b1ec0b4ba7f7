using OvsOffload.Host;
using OvsOffload.Intent;

namespace OvsOffload.Verifying;

/// <summary>A port that is to be in a bond lies in another network namespace.</summary>
internal sealed class B20BondInNamespace : Check
{
    public override CheckInfo Info { get; } = new(
        "B20",
        "bond-in-namespace",
        CheckSeverity.Warning,
        "a configured bond member is in another network namespace",
        """
        mlx5 supports bonds in the initial network namespace only (init_net). A bond inside another namespace works in
        software and never becomes active in hardware, and nothing reports it. Tools for containers and virtual routers
        move ports into their own namespaces.

        Other namespaces are not read. The check reports a port that the configuration names for a bond, whose driver is
        bound, and that has no network device in this namespace.
        """);

    public override IEnumerable<Finding> Examine(Observation input)
    {
        if (input.State.PhysicalFunctions.IsFailed)
        {
            return [Skip(Objects.Host, Objects.UnreadableReason(input.State.PhysicalFunctions))];
        }

        (BondIntent bond, PhysicalFunction? Pf)[] members = input.Intent.Bonds.SelectMany(
            bond => bond.Members, (bond, member) => (bond, member))
            .Select(pair => (pair.bond, Pf: input.State.Find(pair.member)))
            .Where(pair => pair.Pf is { Driver: not null })
            .ToArray();
        if (members.Length == 0)
        {
            return [Skip(Objects.Host, "the configuration has no bond of ports of this host")];
        }

        return members.Select(pair => pair.Pf!.Uplink is { } uplink
            ? Ok(pair.bond.Name, $"{pair.Pf.Address}: {uplink.Name} is in this network namespace")
            : Found(
                FindingStatus.Warning,
                pair.bond.Name,
                $"{pair.Pf.Address}, a member of {pair.bond.Name}, has no network device in this network namespace",
                $"/sys/bus/pci/devices/{pair.Pf.Address}/net: none here; driver {pair.Pf.Driver}",
                "it was moved to another network namespace, where VF-LAG does not work",
                "find it with ip netns list, then ip netns exec NAME ip link set DEVICE netns 1"));
    }
}
