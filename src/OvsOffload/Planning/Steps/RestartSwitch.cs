using System.Collections.Immutable;
using OvsOffload.Host;

namespace OvsOffload.Planning;

/// <summary>Restarts ovs-vswitchd.</summary>
internal sealed record RestartSwitch : StepAction
{
    public override string Kind => "restart";
    public override string Object => "ovs-vswitchd";
    public override string Summary => "restart ovs-vswitchd";
    public override Scope Scope => Scope.Switch;
    public override ImmutableArray<StepAction> Inverse => [];

    public override RecordedChanges Record(RecordedChanges changes) => changes;
}
