using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Sysfs;

namespace OvsOffload.Planning;

/// <summary>Waits until every VF of a PF has a representor with a network device; they appear asynchronously.</summary>
internal sealed record WaitForRepresentors(PciAddress Pf, int Count) : StepAction
{
    public override string Kind => "wait-representors";
    public override string Object => Pf.ToString();
    public override string Summary => $"wait for {Count} representors of {Pf}";
    public override Scope Scope => new Scope.OfPf(Pf);
    public override ImmutableArray<StepAction> Inverse => [];

    public override RecordedChanges Record(RecordedChanges changes) => changes;
}
