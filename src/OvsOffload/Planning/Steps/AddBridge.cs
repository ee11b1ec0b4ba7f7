using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Netlink;

namespace OvsOffload.Planning;

/// <summary>Adds a bridge, marked as ours; the mark is its record.</summary>
/// <param name="Name">The bridge's name.</param>
/// <param name="Address">The MAC address of its local port; null leaves the choice to ovs-vswitchd.</param>
internal sealed record AddBridge(string Name, HardwareAddress? Address = null) : StepAction
{
    public override string Kind => "bridge";
    public override string Object => Name;
    public override string Summary => $"add bridge {Name}" + (Address is { } mac ? $" with the MAC address {mac}" : "");
    public override Scope Scope => new Scope.OfBridge(Name);
    public override ImmutableArray<StepAction> Inverse => [new DeleteBridge(Name, Address)];

    public override RecordedChanges Record(RecordedChanges changes) => changes;
}
