using System.Collections.Immutable;
using System.Globalization;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.Platform;

namespace OvsOffload.Planning;

/// <summary>
/// Plans the routes of devices whose addresses move, and of those that lose them on the way: what each has, taken down
/// before the first change, and where it goes. Pure.
/// </summary>
internal static class RouteMoves
{
    /// <summary>The routes of a device, those included that a run that was cut off had not put on it yet.</summary>
    /// <param name="device">The device; null where it is away.</param>
    /// <param name="reference">How it is named.</param>
    /// <param name="state">The host.</param>
    public static ImmutableArray<IPEntry> Of(NetDevice? device, DeviceReference reference, HostState state) =>
        With(state.Routing.ValueOr(RoutingState.None).Of(device).Routes, reference, state);

    /// <summary>The same with its addresses, for a device that is recreated.</summary>
    public static ImmutableArray<IPEntry> AllOf(NetDevice device, DeviceReference reference, HostState state) =>
        With(state.Routing.ValueOr(RoutingState.None).Of(device).Entries, reference, state);

    /// <summary>Whether the kernel made addresses or routes on it of a router's advertisements.</summary>
    public static bool HasRouter(NetDevice? device, HostState state) =>
        state.Routing.ValueOr(RoutingState.None).Of(device).HasRouter;

    /// <summary>
    /// Whether addresses and routes of a device can be moved. Not those that a client renews: it runs for the old
    /// device and would let the lease end, or take another one.
    /// </summary>
    public static bool CanMove(
        NetDevice device, string concerned, SourcePosition? position, HostState state, PlanDraft draft)
    {
        if (!state.Routing.IsKnown)
        {
            draft.Object(ObjectionKind.Unreadable, concerned,
                $"the routes of {device.Name}, which would be lost, could not be read: {state.Routing.Why}", position);
            return false;
        }

        foreach (PolicyRule rule in state.Routing.Value.Rules.Where(rule => rule.Names(device.Name)))
        {
            draft.Note($"the policy rule \"{rule}\" names {device.Name} and stays as it is (ip rule show)");
        }

        foreach (AddressLease lease in device.Leases)
        {
            draft.Object(ObjectionKind.Refused, concerned, Refusal(device, lease, state), position);
        }

        return device.Leases.IsEmpty;
    }

    /// <summary>Adds the step that takes routes down; none where there are none.</summary>
    public static void Save(
        DeviceReference from, DeviceReference to, ImmutableArray<IPEntry> entries, string? bond, PlanDraft draft)
    {
        if (!entries.IsEmpty)
        {
            draft.Add(new SaveRoutes(from, to, entries) { Bond = bond }, "the kernel deletes them during the change");
        }
    }

    /// <summary>Adds the step that puts routes on a device.</summary>
    public static void Restore(
        DeviceReference from, DeviceReference to, ImmutableArray<IPEntry> entries, string? bond, PlanDraft draft)
    {
        if (!entries.IsEmpty)
        {
            draft.Add(new MoveRoutes(from, to, entries) { Bond = bond }, from == to
                ? "the kernel deleted them during the change"
                : $"{from} no longer carries them");
        }
    }

    /// <summary>Adds the wait for a router, where one was heard before.</summary>
    public static void Await(DeviceReference from, DeviceReference device, string? bond, PlanDraft draft) => draft.Add(
        new WaitForRouter(from, device) { Bond = bond },
        "the kernel adds addresses and routes from router advertisements by itself");

    /// <summary>
    /// Which of a device's routes go back to one of the devices that they came from: those that the record says it had,
    /// and those that are on the way. What is not recorded belongs to the first one.
    /// </summary>
    /// <param name="routes">The routes that go back.</param>
    /// <param name="to">The device.</param>
    /// <param name="isFirst">Whether it is the first one.</param>
    /// <param name="changes">The record.</param>
    public static ImmutableArray<IPEntry> ReturningTo(
        ImmutableArray<IPEntry> routes, DeviceReference to, bool isFirst, RecordedChanges changes)
    {
        var known = Recorded(changes)
            .GroupBy(one => one.Entry.Identity).ToDictionary(group => group.Key, group => group.ToArray());
        ImmutableArray<IPEntry>.Builder home = ImmutableArray.CreateBuilder<IPEntry>();
        foreach (IPEntry route in routes)
        {
            (IPEntry Entry, RecordedChange Change)[] all = known.GetValueOrDefault(route.Identity, []);
            if (all.Length == 0 && Recorded(changes).Any(one => IsSameRoute(one.Entry, route)))
            {
                // Of a route over several devices only the record tells which hop was whose.
                continue;
            }

            if (all.Length == 0 ? isFirst : all.Any(one => one.Change.Before == $"{to}"))
            {
                home.Add(all.FirstOrDefault(one => one.Change.Before == $"{to}").Entry ?? route);
            }
        }

        foreach ((IPEntry? entry, RecordedChange? change) in Recorded(changes))
        {
            if (change.Before == $"{to}" && !home.Contains(entry) && change.After is { } after
                && (SaveRoutes.IsInTransit(after) || routes.Any(route => IsSameRoute(entry, route))))
            {
                home.Add(entry);
            }
        }

        return home.ToImmutable();
    }

    /// <summary>
    /// Adds what a run that was cut off had not put on its device, where no other step does.
    /// </summary>
    /// <param name="state">The host.</param>
    /// <param name="back">Whether they go back to where they came from.</param>
    /// <param name="draft">The plan so far.</param>
    public static void ResumeInterrupted(HostState state, bool back, PlanDraft draft)
    {
        HashSet<IPEntry> planned = [.. draft.All<MoveRoutes>().SelectMany(step => step.Entries)];
        IEnumerable<(IPEntry Entry, RecordedChange Change)> rest = Recorded(state.Changes.ValueOr(RecordedChanges.None))
            .Where(one => SaveRoutes.IsInTransit(one.Change.After)
                && !planned.Contains(one.Entry));
        foreach (IGrouping<string?, (IPEntry Entry, RecordedChange Change)> group in rest.GroupBy(
            one => back ? one.Change.Before : SaveRoutes.DestinationOf(one.Change.After!)))
        {
            if (group.Key is { } name && DeviceReference.Parse(name, state) is { } device)
            {
                draft.Add(new MoveRoutes(device, device, [.. group.Select(one => one.Entry)]),
                    "an interrupted run did not restore them");
            }
        }
    }

    private static bool IsSameRoute(IPEntry one, IPEntry other) =>
        one.IsMultipath && other.IsMultipath && one.Key == other.Key;

    private static ImmutableArray<IPEntry> With(
        ImmutableArray<IPEntry> entries, DeviceReference reference, HostState state)
    {
        HashSet<string> there = [.. entries.Select(entry => entry.Identity)];
        return
        [
            .. entries,
            .. Recorded(state.Changes.ValueOr(RecordedChanges.None))
                .Where(one => one.Change.After == SaveRoutes.InTransit(reference) && there.Add(one.Entry.Identity))
                .Select(one => one.Entry),
        ];
    }

    private static IEnumerable<(IPEntry Entry, RecordedChange Change)> Recorded(RecordedChanges changes) =>
        changes.All.Where(change => change.Kind == ChangeKind.Route)
            .Select(change => (IPEntryText.Parse(change.Object), change))
            .Where(one => one.Item1 is not null)
            .Select(one => (one.Item1!, one.change));

    private static string Refusal(NetDevice device, AddressLease lease, HostState state)
    {
        string ends = string.Create(
            CultureInfo.InvariantCulture,
            $"{device.Name} has {lease.Address}, which ends in {lease.ValidFor.TotalSeconds:0} s unless it is renewed");
        if (!state.DhcpClients.IsKnown)
        {
            return $"{ends}; its client cannot be determined: {state.DhcpClients.Why}";
        }

        HashSet<string> names = [.. state.Devices.ValueOr([]).Select(other => other.Name)];
        ManagedDevice? manager = state.Platform.ManagedDevices.ValueOr([])
            .FirstOrDefault(managed => managed.DeviceIndex == device.Index);
        DhcpClient? client = state.DhcpClients.Value.FirstOrDefault(one => one.Serves(device.Name, names));
        return manager is not null
            ? $"{ends}, and {manager.Manager} renews it on {device.Name} ({manager.Evidence}); let {manager.Manager} "
                + "run DHCP on the new device instead, or give the host a static address first"
            : client is not null
                ? $"{ends}, and {client.Program} (process {client.Process}) renews it on {device.Name}; stop it first, "
                    + "then run it on the new device, or give the host a static address"
                : $"{ends}, and no DHCP client is known to run for {device.Name}: moved, it would expire there. Make "
                    + $"it permanent first (ip address change {lease.Address} dev {device.Name} valid_lft forever "
                    + "preferred_lft forever), or remove it";
    }
}
