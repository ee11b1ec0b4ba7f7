using System.Collections.Immutable;
using OvsOffload.Host;

namespace OvsOffload.Planning;

/// <summary>Removes the port of a device from a bridge; undoes <see cref="AddPort"/>.</summary>
internal sealed record DeletePortOf(string Bridge, DeviceReference Device) : StepAction
{
    public override string Kind => "port-delete";
    public override string Object => $"{Bridge} {Device}";
    public override string Summary => $"remove {Device} from bridge {Bridge}";
    public override Scope Scope => new Scope.OfBridge(Bridge);
    public override ImmutableArray<StepAction> Inverse => [new AddPort(Bridge, Device)];

    public override RecordedChanges Record(RecordedChanges changes) => changes;
}
