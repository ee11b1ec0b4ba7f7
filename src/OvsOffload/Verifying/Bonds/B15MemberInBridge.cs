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
        What arrives by a member is handed to its bond before a bridge sees it. A bridge that has the member as its port
        gets nothing by it, or takes it away from the bond, whichever came first; either way no flow between the VFs and
        the wire is offloaded. The port of the bridge has to be the bond.

        The kernel refuses to give one device two masters, and ovs-vswitchd then writes "Device or resource busy" into the
        column error of the interface; the row in the database stays.
        """);

    protected override IEnumerable<Finding> Examine(BondState bond, BondIntent? wish, VerifyInput input)
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
                $"{pair.Member.Device.Name}, a member of {bond.Name}, is a port of {pair.Port.Bridge.Name}",
                $"ovs-vsctl port-to-br {pair.Member.Device.Name}: {pair.Port.Bridge.Name}"
                    + (pair.Port.Interface.Error is { Length: > 0 } error ? $"; error: {error}" : ""),
                "the member was plugged in place of the bond, or before it was a member",
                $"ovs-vsctl del-port {pair.Port.Bridge.Name} {pair.Member.Device.Name}; ovs-vsctl --may-exist add-port "
                    + $"{pair.Port.Bridge.Name} {bond.Name}"));
    }
}
