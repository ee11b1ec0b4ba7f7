using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;

namespace OvsOffload.Planning;

/// <summary>
/// The devices to which goes back what a bond carries: its members; where it has lost them, those from which the record
/// says that it came, and those that the configuration names. Pure.
/// </summary>
internal sealed class BondRestoreTargets
{
    private readonly HostState _state;
    private readonly RecordedChanges _changes;
    private readonly ImmutableHashSet<DeviceReference> _members;

    private BondRestoreTargets(
        BondState bond, ImmutableArray<DeviceReference> all, HostState state, RecordedChanges changes)
    {
        All = all;
        _members = [.. bond.Members.Select(DeviceReference.Of)];
        _state = state;
        _changes = changes;
        First = bond.Members.IsEmpty ? all.FirstOrDefault() : DeviceReference.Of(bond.Members[0]);
    }

    /// <summary>All of them, the members first.</summary>
    public ImmutableArray<DeviceReference> All { get; }

    /// <summary>The one that gets what came later, which would be lost with the bond; null where there is
    /// none.</summary>
    public DeviceReference? First { get; }

    /// <summary>Finds them.</summary>
    /// <param name="bond">The bond.</param>
    /// <param name="members">Its members in the order in which they leave.</param>
    /// <param name="carried">Kind and name, as in the record, of all that the bond carries.</param>
    /// <param name="goal">From <see cref="RevertGoal"/>.</param>
    /// <param name="state">The host.</param>
    /// <param name="changes">The record.</param>
    public static BondRestoreTargets Of(
        BondState bond, IEnumerable<BondMember> members, IEnumerable<(string Kind, string Name)> carried,
        HostIntent goal, HostState state, RecordedChanges changes)
    {
        IEnumerable<DeviceReference> recorded = carried
            .Select(one => DeviceReference.Parse(changes.Find(one.Kind, one.Name)?.Before, state))
            .OfType<DeviceReference>();
        IEnumerable<DeviceReference> configured = goal.Bonds.Where(one => one.Name == bond.Name)
            .SelectMany(one => one.Members)
            .Select(member => DeviceReference.Parse($"{member.Value}{UplinkOf.Suffix}", state))
            .OfType<DeviceReference>();
        return new BondRestoreTargets(
            bond, [.. members.Select(DeviceReference.Of).Concat(recorded).Concat(configured).Distinct()], state,
            changes);
    }

    /// <summary>The device that something came from; <see cref="First"/> where that is not recorded.</summary>
    public DeviceReference? Find(string kind, string name)
    {
        string? before = _changes.Find(kind, name)?.Before;
        return All.FirstOrDefault(home => $"{home}" == before) ?? First;
    }

    /// <summary>Whether it is up once the members have left, which sets them down.</summary>
    public bool IsUp(DeviceReference home) => !_members.Contains(home) && home.In(_state)?.Up == true;
}
