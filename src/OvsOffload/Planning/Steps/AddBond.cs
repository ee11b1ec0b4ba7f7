using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Netlink;

namespace OvsOffload.Planning;

/// <summary>Makes a bond, down and without members.</summary>
internal sealed record AddBond(string Name, BondOptions Options) : StepAction
{
    public override string Kind => "bond";
    public override string Object => Name;
    public override string Summary => $"add bond {Name} ({Options.Mode?.ToName()})";
    public override Scope Scope => new Scope.OfBond(Name);
    public override ImmutableArray<StepAction> Inverse => [new DeleteBond(Name, Options)];

    public override RecordedChanges Record(RecordedChanges changes) =>
        changes.With(ChangeKind.Bond, Name, null, Options.Mode?.ToName());
}
