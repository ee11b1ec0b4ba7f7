using System.Collections.Immutable;
using OvsOffload.Host;

namespace OvsOffload.Planning;

/// <summary>Takes a port of ours out of a bridge. Not undone: its device is gone.</summary>
internal sealed record DeletePort(string Bridge, string Port) : StepAction
{
    public override string Kind => "port-delete";
    public override string Object => $"{Bridge} {Port}";
    public override string Summary => $"take port {Port} out of bridge {Bridge}";
    public override Scope Scope => new Scope.OfBridge(Bridge);
    public override ImmutableArray<StepAction> Inverse => [];

    public override RecordedChanges Record(RecordedChanges changes) => changes;
}
