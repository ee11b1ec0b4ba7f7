using OvsOffload.Host;
using OvsOffload.Intent;

namespace OvsOffload.Planning;

/// <summary>What is still to be reached after some of it was left out.</summary>
internal static class IntentFilter
{
    /// <summary>
    /// The intent without what is left out; without Open vSwitch and agents also where no NIC is left that could
    /// offload to it.
    /// </summary>
    public static HostIntent Without(HostIntent intent, HostState state, SkippedParts skipped)
    {
        if (skipped.IsEmpty)
        {
            return intent;
        }

        ResolvedPfs resolved = PfResolver.Resolve(intent, state);
        bool noNic = intent.Nics.Count > 0 && intent.Nics.All(nic => skipped.Contains(nic.Pf, resolved));
        bool noSwitch = skipped.Switch || noNic;
        return intent with
        {
            Nics = [.. intent.Nics.Where(nic => !skipped.Contains(nic.Pf, resolved))],
            Bonds =
            [
                .. intent.Bonds.Where(bond => !skipped.Bonds.Contains(bond.Name)
                    && !bond.Members.Any(member => skipped.Contains(member, resolved))),
            ],
            Bridges = noSwitch ? [] : [.. intent.Bridges.Where(bridge => !skipped.Bridges.Contains(bridge.Name))],
            OpenVSwitch = noSwitch ? new OpenVSwitchIntent() : intent.OpenVSwitch,
            SecurityGroups = skipped.Agents || noNic
                ? intent.SecurityGroups with { Backends = [] }
                : intent.SecurityGroups,
        };
    }
}
