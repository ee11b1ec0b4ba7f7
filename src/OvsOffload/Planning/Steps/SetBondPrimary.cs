using System.Collections.Immutable;
using OvsOffload.Host;

namespace OvsOffload.Planning;

/// <summary>Sets or unsets the preferred member of a bond.</summary>
internal sealed record SetBondPrimary(string Bond, DeviceReference? From, DeviceReference? To) : StepAction
{
    public override string Kind => "bond-primary";
    public override string Object => Bond;
    public override string Summary => $"primary of {Bond}: {From?.ToString() ?? "none"} -> {To?.ToString() ?? "none"}";
    public override Scope Scope => new Scope.OfBond(Bond);
    public override ImmutableArray<StepAction> Inverse => [new SetBondPrimary(Bond, To, From)];

    public override RecordedChanges Record(RecordedChanges changes) => changes.CreatedBond(Bond)
        ? changes
        : changes.With(ChangeKind.BondPrimary, Bond, $"{From}", $"{To}");
}
