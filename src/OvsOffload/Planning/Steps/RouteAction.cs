using System.Collections.Immutable;
using OvsOffload.Netlink;

namespace OvsOffload.Planning;

/// <summary>
/// Takes down what a device's routes are, before the first change that loses them: the kernel deletes routes and nexthop
/// objects with their device's carrier. Undoing it puts back all that is missing.
/// </summary>
/// <param name="From">The device that has them.</param>
/// <param name="To">The device that has them after; the same where they are lost on the way only.</param>
/// <param name="Entries">The routes and nexthop objects; of a device that is made anew, its addresses too.</param>
internal sealed record KeepRoutes(
    DeviceReference From, DeviceReference To, ImmutableArray<KeptEntry> Entries) : StepAction
{
    /// <summary>The bond that it is done for; null for none.</summary>
    public string? Bond { get; init; }

    public override string Kind => "routes-keep";
    public override string Object => From.ToString();
    public override string Summary => $"record {Counted(Entries)} of {From}";

    /// <summary>How many there are, for people: <c>3 routes and 1 nexthop object</c>.</summary>
    public static string Counted(ImmutableArray<KeptEntry> entries)
    {
        (int Count, string Word)[] counts =
        [
            .. new[] { (KeptKind.Address, "address"), (KeptKind.Route, "route"), (KeptKind.Nexthop, "nexthop object") }
                .Select(kind => (entries.Count(entry => entry.Kind == kind.Item1), kind.Item2))
                .Where(one => one.Item1 > 0),
        ];
        return string.Join(" and ", counts.Select(one => $"{one.Count} {one.Word}"
            + (one.Count == 1 ? "" : one.Word == "address" ? "es" : "s")));
    }
}

/// <summary>
/// Puts routes and nexthop objects on a device, and reads them back. Not undone by itself: <see cref="KeepRoutes"/> does,
/// when the device that had them is up again.
/// </summary>
/// <param name="From">The device that had them, from which those go that are still there.</param>
/// <param name="To">The device.</param>
/// <param name="Entries">All of them; what is there already stays.</param>
internal sealed record MoveRoutes(
    DeviceReference From, DeviceReference To, ImmutableArray<KeptEntry> Entries) : StepAction
{
    /// <summary>The bond that it is done for; null for none.</summary>
    public string? Bond { get; init; }

    public override string Kind => "routes";
    public override string Object => To.ToString();
    public override string Summary => From == To
        ? $"put back {KeepRoutes.Counted(Entries)} on {To}"
        : $"move {KeepRoutes.Counted(Entries)} from {From} to {To}";
}

/// <summary>
/// Waits, for a bounded time, until the kernel has made an address or a route of a router's advertisement on a device.
/// </summary>
/// <param name="From">
/// The device on which the router was heard; as a port it hears none, and loses what it had of it.
/// </param>
/// <param name="Device">The device.</param>
internal sealed record WaitForRouter(DeviceReference From, DeviceReference Device) : StepAction
{
    /// <summary>The bond that it is done for; null for none.</summary>
    public string? Bond { get; init; }

    public override string Kind => "wait-router";
    public override string Object => Device.ToString();
    public override string Summary => $"wait for a router advertisement on {Device}";
}
