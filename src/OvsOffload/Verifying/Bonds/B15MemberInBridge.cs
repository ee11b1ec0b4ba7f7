using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Verifying;

/// <summary>A member of a bond is a port of a bridge, in place of the bond.</summary>
internal sealed class B15MemberInBridge : BondCheck
{
    public override CheckInfo Info { get; } = new(
        "B15",
        "member-in-bridge",
        CheckSeverity.Error,
        "a member of the bond is a port of a bridge",
        """
        Packets that arrive on a member go to its bond before a bridge sees them. A bridge with the member as its port
        gets nothing from it, or takes it from the bond, whichever came first; either way no flow between the VFs and
        the wire is offloaded. The bridge's port has to be the bond.

        The kernel does not allow two masters for one device: ovs-vswitchd then writes "Device or resource busy" into
        the column error of the interface, and the row stays in the database.
        """);

    protected override IEnumerable<Finding> Examine(BondState bond, BondIntent? intent, Observation input)
    {
        if (!input.State.OpenVSwitch.Database.TryGet(out OpenVSwitchDatabase? database))
        {
            return [Skip(bond.Name, $"Open vSwitch: {input.State.OpenVSwitch.Database.Why}")];
        }

        (BondMember Member, SwitchPort Port)[] ports =
        [
            .. bond.Members.Select(member => (member, Port: SwitchPorts.Find(database, member.Device)))
                .Where(pair => pair.Port is not null).Select(pair => (pair.member, pair.Port!)),
        ];
        return ports.Length == 0
            ? [Ok(bond.Name, "ovs-vsctl list-ports: none of its members")]
            : ports.Select(pair => Found(
                FindingStatus.Error,
                bond.Name,
                $"{pair.Member.Device.Name}, a member of {bond.Name}, is a port of bridge {pair.Port.Bridge.Name}",
                $"ovs-vsctl port-to-br {pair.Member.Device.Name}: {pair.Port.Bridge.Name}"
                    + (pair.Port.Interface.Error is { Length: > 0 } error ? $"; error: {error}" : ""),
                "the member was added to the bridge instead of the bond, or before it became a member",
                $"ovs-vsctl del-port {pair.Port.Bridge.Name} {pair.Member.Device.Name}; ovs-vsctl --may-exist add-port "
                    + $"{pair.Port.Bridge.Name} {bond.Name}"));
    }
}
