using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Netlink;

namespace OvsOffload.Planning;

/// <summary>
/// Puts routes and nexthop objects on a device, and reads them back; what is there already stays. Not undone by itself:
/// <see cref="SaveRoutes"/> does, when the device that had them is up again.
/// </summary>
internal sealed record MoveRoutes(
    DeviceReference From, DeviceReference To, ImmutableArray<IPEntry> Entries) : RouteAction(From, To, Entries)
{
    public override string Kind => "routes";
    public override string Object => To.ToString();
    public override string Summary => From == To
        ? $"restore {Count} on {To}"
        : $"move {Count} from {From} to {To}";

    public override ImmutableArray<StepAction> Inverse => [];

    public override RecordedChanges Record(RecordedChanges changes) => Entries.Aggregate(
        changes, (all, entry) => all.With(ChangeKind.Route, IPEntryText.Of(entry), $"{From}", $"{To}"));

    /// <inheritdoc/>
    public override RecordedChanges RecordDuring(RecordedChanges changes) => Entries.Aggregate(
        changes,
        (all, entry) => all.With(ChangeKind.Route, IPEntryText.Of(entry), $"{From}", SaveRoutes.InTransit(To)));
}
