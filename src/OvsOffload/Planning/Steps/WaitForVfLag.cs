using System.Collections.Immutable;
using OvsOffload.Host;

namespace OvsOffload.Planning;

/// <summary>Waits, for a bounded time, until the driver shows that the bond is in hardware.</summary>
/// <param name="Bond">The bond.</param>
/// <param name="Required">Whether it is a failure when it does not come.</param>
internal sealed record WaitForVfLag(string Bond, bool Required) : StepAction
{
    public override string Kind => "wait-vf-lag";
    public override string Object => Bond;
    public override string Summary => $"wait for VF-LAG of {Bond}{(Required ? " (required)" : "")}";
    public override Scope Scope => new Scope.OfBond(Bond);
    public override ImmutableArray<StepAction> Inverse => [];

    public override RecordedChanges Record(RecordedChanges changes) => changes;
}
