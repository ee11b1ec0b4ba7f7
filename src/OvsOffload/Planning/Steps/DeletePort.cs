using System.Collections.Immutable;
using OvsOffload.Host;

namespace OvsOffload.Planning;

/// <summary>Removes a port of ours from a bridge. Not undone: its device is gone.</summary>
internal sealed record DeletePort(string Bridge, string Port) : StepAction
{
    public override string Kind => "port-delete";
    public override string Object => $"{Bridge} {Port}";
    public override string Summary => $"remove port {Port} from bridge {Bridge}";
    public override Scope Scope => new Scope.OfBridge(Bridge);
    public override ImmutableArray<StepAction> Inverse => [];

    public override RecordedChanges Record(RecordedChanges changes) => changes;
}
