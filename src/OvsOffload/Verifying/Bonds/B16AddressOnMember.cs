using OvsOffload.Host;
using OvsOffload.Intent;

namespace OvsOffload.Verifying;

/// <summary>A member of a bond has an IP address.</summary>
internal sealed class B16AddressOnMember : BondCheck
{
    public override CheckInfo Info { get; } = new(
        "B16",
        "address-on-member",
        CheckSeverity.Warning,
        "a member of the bond has an IP address",
        """
        Packets that arrive on a member go to its bond, so an IP address on the member does not answer, and a route
        through it leads nowhere. It is left over if a bond was created manually over a device that was in use. A
        tunnel's local address on a member (VXLAN, Geneve) is the same fault: encapsulated flows then have no output
        device, and none is offloaded.

        The address belongs on the bond; if the bond is a port of a bridge, on a separate bond or uplink.
        """);

    protected override IEnumerable<Finding> Examine(BondState bond, BondIntent? intent, Observation input)
    {
        BondMember[] addressed = [.. bond.Members.Where(member => !member.Device.Addresses.IsEmpty)];
        return addressed.Length == 0
            ? [Ok(bond.Name, $"ip address show master {bond.Name}: no addresses on its members")]
            : addressed.Select(member => Found(
                FindingStatus.Warning, bond.Name,
                $"{member.Device.Name}, a bond member, has address {string.Join(", ", member.Device.Addresses)}, which "
                    + "does not answer",
                $"ip address show dev {member.Device.Name}: {string.Join(' ', member.Device.Addresses)}",
                "the address was not moved when the device became a member",
                $"ip address del {member.Device.Addresses[0]} dev {member.Device.Name}; "
                    + $"ip address add {member.Device.Addresses[0]} dev {bond.Name}"));
    }
}
