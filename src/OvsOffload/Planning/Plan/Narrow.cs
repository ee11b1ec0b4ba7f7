using OvsOffload.Host;
using OvsOffload.Intent;

namespace OvsOffload.Planning;

/// <summary>What is still to be reached after some of it was left out.</summary>
internal static class Narrow
{
    /// <summary>
    /// The intent without what is left out; without Open vSwitch and agents also where no NIC is left that could
    /// offload to it.
    /// </summary>
    public static HostIntent To(HostIntent intent, HostState state, LeftOut leftOut)
    {
        if (leftOut.IsEmpty)
        {
            return intent;
        }

        ResolvedPfs resolved = PfResolver.Resolve(intent, state);
        bool noNic = intent.Nics.Count > 0 && intent.Nics.All(nic => leftOut.Holds(nic.Pf, resolved));
        bool noSwitch = leftOut.Switch || noNic;
        return intent with
        {
            Nics = [.. intent.Nics.Where(nic => !leftOut.Holds(nic.Pf, resolved))],
            Bonds =
            [
                .. intent.Bonds.Where(bond => !leftOut.Bonds.Contains(bond.Name)
                    && !bond.Members.Any(member => leftOut.Holds(member, resolved))),
            ],
            Bridges = noSwitch ? [] : [.. intent.Bridges.Where(bridge => !leftOut.Bridges.Contains(bridge.Name))],
            OpenVSwitch = noSwitch ? new OpenVSwitchIntent() : intent.OpenVSwitch,
            SecurityGroups = leftOut.Agents || noNic
                ? intent.SecurityGroups with { Backends = [] }
                : intent.SecurityGroups,
        };
    }
}
