using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Netlink;

namespace OvsOffload.Planning;

/// <summary>
/// Records what a device's routes are, before the first change that loses them: the kernel deletes routes and
/// nexthop objects with their device's carrier. Undoing it puts back all that is missing.
/// </summary>
internal sealed record SaveRoutes(
    DeviceReference From, DeviceReference To, ImmutableArray<IPEntry> Entries) : RouteAction(From, To, Entries)
{
    /// <summary>Begins the place of routes that are on no device: <c>to bond0</c>, where a run was cut off.</summary>
    private const string Pending = "to ";

    public override string Kind => "routes-keep";
    public override string Object => From.ToString();
    public override string Summary => $"record {Count} of {From}";
    public override ImmutableArray<StepAction> Inverse => [new MoveRoutes(To, From, Entries) { Bond = Bond }];

    public override RecordedChanges Record(RecordedChanges changes) => Entries.Aggregate(
        changes, (all, entry) => all.With(ChangeKind.Route, IPEntryText.Of(entry), $"{From}", InTransit(To)));

    /// <summary>What an entry of <see cref="ChangeKind.Route"/> says while its route is on its way.</summary>
    public static string InTransit(DeviceReference to) => $"{Pending}{to}";

    /// <summary>Whether an entry says that its route is on its way.</summary>
    public static bool IsInTransit(string? place) => place?.StartsWith(Pending, StringComparison.Ordinal) == true;

    /// <summary>The device that a route is on its way to, as an entry names it.</summary>
    public static string DestinationOf(string place) => place[Pending.Length..];
}
