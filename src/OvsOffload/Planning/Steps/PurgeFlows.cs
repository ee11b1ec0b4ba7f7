using System.Collections.Immutable;
using OvsOffload.Host;

namespace OvsOffload.Planning;

/// <summary>Lets ovs-vswitchd reinstall the flows that are there, so that they are offloaded too.</summary>
internal sealed record PurgeFlows : StepAction
{
    public override string Kind => "flow-purge";
    public override string Object => "ovs-vswitchd";
    public override string Summary => "revalidator/purge: reinstall the cached flows";
    public override Scope Scope => Scope.Switch;
    public override ImmutableArray<StepAction> Inverse => [];

    public override RecordedChanges Record(RecordedChanges changes) => changes;
}
