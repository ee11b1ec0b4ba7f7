using OvsOffload.Planning;

namespace OvsOffload.Verifying;

/// <summary>A port that is to be in a bond lies in another network namespace.</summary>
internal sealed class B20BondInNamespace : Check
{
    public override CheckInfo Info { get; } = new(
        "B20",
        "bond-in-namespace",
        CheckSeverity.Warning,
        "a port that is to be in a bond is in another network namespace",
        """
        mlx5 watches bonds in the first network namespace alone (init_net). A bond inside a namespace, with the ports moved
        there, works in software and never goes into hardware, and nothing says so. Tools for containers and virtual
        routers move ports into namespaces of their own.

        A namespace is not looked into here. What is seen is that the configuration names a port for a bond, that its driver
        is bound, and that the port has no network device in this namespace.
        """);

    public override IEnumerable<Finding> Examine(VerifyInput input)
    {
        if (input.State.PhysicalFunctions.IsFailed)
        {
            return [Skip(Objects.Host, Objects.Unread(input.State.PhysicalFunctions))];
        }

        var members = input.Intent.Bonds.SelectMany(bond => bond.Members, (bond, member) => (bond, member))
            .Select(pair => (pair.bond, Pf: input.State.KnownFunctions
                .FirstOrDefault(pf => Planner.Means(pair.member, pf))))
            .Where(pair => pair.Pf is { Driver: not null })
            .ToArray();
        if (members.Length == 0)
        {
            return [Skip(Objects.Host, "no configuration names a bond of ports on this host")];
        }

        return members.Select(pair => pair.Pf!.Uplink is { } uplink
            ? Ok(pair.bond.Name, $"{pair.Pf.Address}: {uplink.Name} is in this network namespace")
            : Found(
                FindingStatus.Warning,
                pair.bond.Name,
                $"{pair.Pf.Address}, a member of {pair.bond.Name}, has no network device in this network namespace",
                $"/sys/bus/pci/devices/{pair.Pf.Address}/net: none here; driver {pair.Pf.Driver}",
                "somebody moved it to a network namespace, where the NIC does not look for bonds",
                "ip netns identify, ip netns exec NAME ip link set DEVICE netns 1"));
    }
}
