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
        "an IP address is on a member instead of the bond",
        """
        What arrives by a member is handed to its bond, so an IP address on the member does not answer any more, and a
        route by it leads nowhere. It stays behind when a bond is made by hand over a device that was in use. A tunnel's
        local address on a member (VXLAN, Geneve) is the same fault: encapsulated flows then have no way out, and none
        is offloaded.

        The address belongs on the bond, or where the bond is a port of a bridge, on a bond or uplink of its own.
        """);

    protected override IEnumerable<Finding> Examine(BondState bond, BondIntent? wish, VerifyInput input)
    {
        BondMember[] addressed = [.. bond.Members.Where(member => !member.Device.Addresses.IsEmpty)];
        return addressed.Length == 0
            ? [Ok(bond.Name, $"ip address show master {bond.Name}: none on its members")]
            : addressed.Select(member => Found(
                FindingStatus.Warning, bond.Name,
                $"{member.Device.Name} has {string.Join(", ", member.Device.Addresses)}, which does not answer on a member",
                $"ip address show dev {member.Device.Name}: {string.Join(' ', member.Device.Addresses)}",
                "the address was not moved when the device became a member",
                $"ip address del {member.Device.Addresses[0]} dev {member.Device.Name}; "
                    + $"ip address add {member.Device.Addresses[0]} dev {bond.Name}"));
    }
}
