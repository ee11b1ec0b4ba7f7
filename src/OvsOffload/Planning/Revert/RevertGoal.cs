using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.OpenVSwitch;
using OvsOffload.Sysfs;

namespace OvsOffload.Planning;

/// <summary>
/// What a host is brought back to, as an intent: each PF with the mode and the number of VFs that are recorded of it,
/// the bonds and bridges that are to go or to be changed back, security groups as they were. <see
/// cref="RevertPlanner"/> reads it, with the record, and nothing else does.
/// </summary>
internal static class RevertGoal
{
    /// <summary>Makes the goal.</summary>
    /// <param name="intent">The configuration: its backends, and the PFs of which something is said in any
    /// case.</param>
    /// <param name="state">The host, the record included.</param>
    /// <param name="only">One PF, with the bond and the bridges on top of it; null for everything.</param>
    public static HostIntent Of(HostIntent intent, HostState state, PciAddress? only)
    {
        RecordedChanges changes = state.Changes.ValueOr(RecordedChanges.None);
        HashSet<PciAddress> functions = only is { } one
            ? [one]
            : [.. changes.All.Select(PfOf).OfType<PciAddress>(), .. state.Managed(intent).Keys];
        ResolvedPfs resolved = PfResolver.Resolve(intent, state);
        var configured = intent.Bonds
            .Where(bond => bond.Managed == Management.Full).DistinctBy(bond => bond.Name)
            .ToImmutableDictionary(bond => bond.Name, bond => resolved.MembersOf(bond).ToImmutableHashSet());
        BondIntent[] bonds =
        [
            .. state.Bonds.ValueOr([]).Where(bond => changes.All.Any(change => Concerns(change, bond.Name)))
                .Select(bond => (Bond: bond, Pfs: PfsOf(bond, configured.GetValueOrDefault(bond.Name, []))))
                .Where(one => only is not { } pf || one.Pfs.Contains(pf))
                .Select(one => BondOf(one.Bond, one.Pfs)),
        ];
        return intent with
        {
            Nics = [.. functions.Order().Where(pf => state.Find(pf) is not null).Select(pf => NicOf(pf, changes))],
            Bonds = bonds,
            Bridges = [.. Bridges(state, bonds, only)],
            OpenVSwitch = new OpenVSwitchIntent
            {
                HwOffload = only is null ? false : null,
                Restart = intent.OpenVSwitch.Restart,
                RestartCommand = intent.OpenVSwitch.RestartCommand,
            },
            SecurityGroups = intent.SecurityGroups with
            {
                Policy = SecurityGroupPolicy.Keep,
                Backends = only is null ? intent.SecurityGroups.Backends : [],
            },
        };
    }

    /// <summary>Whether a goal is for everything, settings of Open vSwitch included.</summary>
    public static bool IsComplete(HostIntent goal) => goal.OpenVSwitch.HwOffload is not null;

    /// <summary>A PF as a goal names it.</summary>
    public static PfReference Reference(PciAddress pf) =>
        new(PfReferenceKind.PciAddress, $"{pf}", $"{pf}", SourcePosition.Defaults);

    private static NicIntent NicOf(PciAddress pf, RecordedChanges changes) => new()
    {
        Pf = Reference(pf),
        Mode = changes.Find(ChangeKind.EswitchMode, $"{pf}")?.Before switch
        {
            "legacy" => NicMode.Legacy,
            "switchdev" => NicMode.Switchdev,
            _ => null,
        },
        Vfs = int.TryParse(changes.Find(ChangeKind.VfCount, $"{pf}")?.Before, out int count) ? count : null,

        // In switchdev mode it takes a change of mode, which is the NIC planner's to decide.
        Steering = changes.Find(SetSteeringMode.Recorded, $"{pf}")?.Before switch
        {
            "smfs" => SteeringChoice.Smfs,
            "dmfs" => SteeringChoice.Dmfs,
            _ => SteeringChoice.Keep,
        },
    };

    private static BondIntent BondOf(BondState bond, ImmutableArray<PciAddress> members) => new()
    {
        Name = bond.Name,
        Profile = "",
        Members = [.. members.Select(Reference)],
    };

    /// <summary>The PFs that are members, and those that are to be: a bond may have lost them.</summary>
    private static ImmutableArray<PciAddress> PfsOf(BondState bond, ImmutableHashSet<PciAddress> configured) =>
    [
        .. bond.Members.Select(member => member.Pf).OfType<PciAddress>().Concat(configured.Order()).Distinct(),
    ];

    private static IEnumerable<BridgeIntent> Bridges(HostState state, BondIntent[] bonds, PciAddress? only)
    {
        foreach (OvsBridge bridge in state.OpenVSwitch.Database.ValueOrDefault()?.Bridges ?? [])
        {
            OvsPort[] ports = [.. bridge.Ports.Where(port => port.IsManaged && port.Name != bridge.Name)];
            string? bond = state.Bonds.ValueOr([])
                .FirstOrDefault(candidate => ports.Any(port => candidate.Device.HasName(port.Name)))?.Name;
            PciAddress? pf = state.KnownFunctions
                .FirstOrDefault(candidate => ports.Any(port => candidate.Uplink?.HasName(port.Name) == true))?.Address;
            bool concerned = only is null
                || pf == only
                || bonds.Any(candidate => candidate.Name == bond)
                || ports.Any(port => IsRepresentor(port, state.Find(only.Value)));
            if ((bridge.IsManaged || ports.Length > 0) && concerned)
            {
                yield return new BridgeIntent
                {
                    Name = bridge.Name,
                    Uplink = new BridgeUplink(bond, bond is null && pf is { } uplink ? Reference(uplink) : null),
                };
            }
        }
    }

    private static bool IsRepresentor(OvsPort port, PhysicalFunction? pf) => pf?.Representors.ValueOr([])
        .Any(representor => representor.Device?.HasName(port.Name) == true) == true;

    /// <summary>The PF that an entry is of: its object begins with the address.</summary>
    private static PciAddress? PfOf(RecordedChange change) =>
        PciAddress.TryParse(change.Object.Split(' ')[0], out PciAddress pf) ? pf : null;

    private static bool Concerns(RecordedChange change, string bond) =>
        change.Kind is ChangeKind.Bond or ChangeKind.BondMember or ChangeKind.BondOption or ChangeKind.BondPrimary
            or ChangeKind.Mtu
        && change.Object.Split(' ')[0] == bond;
}
