using System.Collections.Immutable;
using OvsOffload.Host;

namespace OvsOffload.Planning;

/// <summary>Lets ovs-vswitchd set up anew the flows that are there, so that they come under hw-offload too.</summary>
internal sealed record PurgeFlows : StepAction
{
    public override string Kind => "flow-purge";
    public override string Object => "ovs-vswitchd";
    public override string Summary => "revalidator/purge: set up the cached flows anew";
    public override Scope Scope => Scope.Switch;
    public override ImmutableArray<StepAction> Inverse => [];

    public override RecordedChanges Record(RecordedChanges changes) => changes;
}
