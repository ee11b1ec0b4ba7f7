using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Netlink;

namespace OvsOffload.Planning;

/// <summary>Deletes a bridge of ours; undoes <see cref="AddBridge"/>.</summary>
/// <param name="Name">The bridge's name.</param>
/// <param name="Address">The MAC address that its local port was given; null where ovs-vswitchd chose it.</param>
internal sealed record DeleteBridge(string Name, HardwareAddress? Address = null) : StepAction
{
    /// <summary>Whether its local port is up, as one with addresses has to be when it is added again.</summary>
    public bool Up { get; init; }

    public override string Kind => "bridge-delete";
    public override string Object => Name;
    public override string Summary => $"delete bridge {Name}";
    public override Scope Scope => new Scope.OfBridge(Name);
    public override ImmutableArray<StepAction> Inverse =>
    [
        new AddBridge(Name, Address),
        .. Up ? new StepAction[] { new SetLinkUp(new LocalPortOf(Name), false, true) } : [],
    ];

    public override RecordedChanges Record(RecordedChanges changes) => changes;
}
