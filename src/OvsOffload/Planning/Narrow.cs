using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Sysfs;

namespace OvsOffload.Planning;

/// <summary>What is still to be reached after some of it has failed.</summary>
internal static class Narrow
{
    /// <summary>
    /// The intent without the NICs that failed and without the bridges that stand on them; without Open vSwitch where
    /// that failed, or where no NIC is left that could offload to it; without the agents of security groups where one
    /// of them
    /// failed.
    /// </summary>
    public static HostIntent To(
        HostIntent intent, HostState state, IReadOnlySet<PciAddress> failed, bool switchFailed,
        bool agentsFailed = false)
    {
        if (agentsFailed)
        {
            intent = intent with { SecurityGroups = intent.SecurityGroups with { Backends = [] } };
        }

        if (failed.Count == 0 && !switchFailed)
        {
            return intent;
        }

        ImmutableDictionary<PfReference, PhysicalFunction> functions =
            PfResolver.Resolve(intent, state, new PlanDraft());
        bool Failed(PfReference reference) =>
            functions.TryGetValue(reference, out PhysicalFunction? pf) && failed.Contains(pf.Address);
        HashSet<string> lostBonds =
            [.. intent.Bonds.Where(bond => bond.Members.Any(Failed)).Select(bond => bond.Name)];
        bool Stands(BridgeIntent bridge) => bridge.Uplink.Pf is { } pf
            ? !Failed(pf)
            : !lostBonds.Contains(bridge.Uplink.Bond ?? "");
        bool noSwitch = switchFailed || (intent.Nics.Count > 0 && intent.Nics.All(nic => Failed(nic.Pf)));
        return intent with
        {
            Nics = [.. intent.Nics.Where(nic => !Failed(nic.Pf))],
            Bonds = [.. intent.Bonds.Where(bond => !lostBonds.Contains(bond.Name))],
            Bridges = noSwitch ? [] : [.. intent.Bridges.Where(Stands)],
            OpenVSwitch = noSwitch ? new OpenVSwitchIntent() : intent.OpenVSwitch,
        };
    }
}
