using System.Collections.Immutable;
using OvsOffload.Netlink;

namespace OvsOffload.Planning;

/// <summary>A step on routes and nexthop objects of a device, which its addresses or its carrier take along.</summary>
/// <param name="From">The device that has them.</param>
/// <param name="To">The device that has them after; the same where they are lost on the way only.</param>
/// <param name="Entries">The routes and nexthop objects; of a device that is recreated, its addresses too.</param>
internal abstract record RouteAction(
    DeviceReference From, DeviceReference To, ImmutableArray<IPEntry> Entries) : StepAction
{
    /// <summary>The bond that it is done for; null where it is done for the devices themselves.</summary>
    public string? Bond { get; init; }

    public override Scope Scope => Bond is { } bond ? new Scope.OfBond(bond) : Scope.Upper(To.Scope, From.Scope);

    /// <summary>How many there are, for people: <c>3 routes and 1 nexthop object</c>.</summary>
    protected string Count
    {
        get
        {
            (IPEntryKind Kind, string One, string Many)[] kinds =
            [
                (IPEntryKind.Address, "address", "addresses"),
                (IPEntryKind.Route, "route", "routes"),
                (IPEntryKind.Nexthop, "nexthop object", "nexthop objects"),
            ];
            return string.Join(" and ", kinds
                .Select(kind => (kind.One, kind.Many, Count: Entries.Count(entry => entry.Kind == kind.Kind)))
                .Where(kind => kind.Count > 0)
                .Select(kind => $"{kind.Count} {(kind.Count == 1 ? kind.One : kind.Many)}"));
        }
    }
}
