using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Netlink;

namespace OvsOffload.Planning;

/// <summary>Deletes a bond of ours, which has no members any more; undoes <see cref="AddBond"/>.</summary>
/// <param name="Name">The bond.</param>
/// <param name="Options">What it was made with, so that it can be made again; null where it stays away.</param>
internal sealed record DeleteBond(string Name, BondOptions? Options = null) : StepAction
{
    /// <summary>Its MTU; null where it need not be set when it is made again.</summary>
    public int? Mtu { get; init; }

    /// <summary>Whether it is up.</summary>
    public bool Up { get; init; }

    public override string Kind => "bond-delete";
    public override string Object => Name;
    public override string Summary => $"delete bond {Name}";
    public override Scope Scope => new Scope.OfBond(Name);

    /// <summary>Makes it again; its members come back by the inverse of their own steps.</summary>
    public override ImmutableArray<StepAction> Inverse => Options is null ? [] :
    [
        new AddBond(Name, Options),
        .. Mtu is { } mtu and not SetMtu.OfNewDevice
            ? [new SetMtu(new DeviceNamed(Name), SetMtu.OfNewDevice, mtu)]
            : NoSteps,
        .. Up ? [new SetLinkUp(new DeviceNamed(Name), false, true)] : NoSteps,
    ];

    private static ImmutableArray<StepAction> NoSteps => [];

    public override RecordedChanges Record(RecordedChanges changes) => changes
        .With(ChangeKind.Bond, Name, Options?.Mode?.ToName(), null)

        // What somebody put on it later has gone to a member, and has nowhere else to go back to.
        .Without(change => change.Kind == ChangeKind.Route && change.Before == Name);
}
