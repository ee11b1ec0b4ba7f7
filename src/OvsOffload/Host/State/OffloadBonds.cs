using System.Collections.Immutable;
using OvsOffload.Intent;
using OvsOffload.Netlink;

namespace OvsOffload.Host;

/// <summary>Which bonds of a host are about offload: a host has others, of which nobody wants VF-LAG.</summary>
internal static class OffloadBonds
{
    /// <summary>Those that the configuration names, and those with an uplink in switchdev mode as a member.</summary>
    public static IEnumerable<BondState> Of(ImmutableArray<BondState> bonds, HostIntent intent, HostState state) =>
        bonds.Where(bond => IntentOf(bond, intent) is not null
            || bond.Members.Any(member => member.Pf is { } pf && state.Find(pf)?.Mode == EswitchMode.Switchdev));

    /// <summary>What the configuration says of a bond; null when it says nothing.</summary>
    public static BondIntent? IntentOf(BondState bond, HostIntent intent) =>
        intent.Bonds.FirstOrDefault(intent => bond.Device.HasName(intent.Name));
}
