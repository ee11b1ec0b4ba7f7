using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Netlink;

namespace OvsOffload.Planning;

/// <summary>
/// Recreates a VLAN device on another device, with its name, addresses, routes and MTU: the kernel moves none.
/// </summary>
internal sealed record MoveVlan(string Name, VlanTag Tag, DeviceReference From, DeviceReference To) : StepAction
{
    public override string Kind => "vlan";
    public override string Object => Name;
    public override string Summary => $"move VLAN device {Name} (id {Tag.Id}) from {From} to {To}, with its addresses";
    public override Scope Scope => Scope.Upper(To.Scope, From.Scope);
    public override ImmutableArray<StepAction> Inverse => [new MoveVlan(Name, Tag, To, From)];

    public override RecordedChanges Record(RecordedChanges changes) =>
        changes.With(ChangeKind.Vlan, Name, $"{From}", $"{To}");
}
