using System.Collections.Immutable;
using OvsOffload.Host;

namespace OvsOffload.Planning;

/// <summary>Removes a device from a bond, which leaves it down.</summary>
internal sealed record RemoveBondMember(string Bond, DeviceReference Device) : StepAction
{
    public override string Kind => "bond-member-remove";
    public override string Object => $"{Bond} {Device}";
    public override string Summary => $"remove {Device} from bond {Bond}";
    public override Scope Scope => new Scope.OfBond(Bond);
    public override ImmutableArray<StepAction> Inverse => [new AddBondMember(Bond, Device)];

    public override RecordedChanges Record(RecordedChanges changes) => changes.CreatedBond(Bond)
        ? changes
        : changes.With(ChangeKind.BondMember, Object, AddBondMember.Member, null);
}
