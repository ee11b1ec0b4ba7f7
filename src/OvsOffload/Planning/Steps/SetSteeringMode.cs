using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Sysfs;

namespace OvsOffload.Planning;

/// <summary>Sets devlink's flow_steering_mode at run time.</summary>
internal sealed record SetSteeringMode(PciAddress Pf, string From, string To) : StepAction
{
    public override string Kind => "steering-mode";
    public override string Object => Pf.ToString();
    public override string Summary => $"flow_steering_mode of {Pf}: {From} -> {To}";
    public override Scope Scope => new Scope.OfPf(Pf);
    public override ImmutableArray<StepAction> Inverse => [new SetSteeringMode(Pf, To, From)];

    public override RecordedChanges Record(RecordedChanges changes) =>
        changes.With(ChangeKind.SteeringMode, Object, From, To);
}
