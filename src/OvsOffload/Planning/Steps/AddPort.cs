using System.Collections.Immutable;
using OvsOffload.Host;

namespace OvsOffload.Planning;

/// <summary>Adds an uplink, bond or representor to a bridge, marked as ours; the mark is its record.</summary>
internal sealed record AddPort(string Bridge, DeviceReference Device) : StepAction
{
    public override string Kind => "port";
    public override string Object => $"{Bridge} {Device}";
    public override string Summary => $"add {Device} to bridge {Bridge}";
    public override Scope Scope => new Scope.OfBridge(Bridge);
    public override ImmutableArray<StepAction> Inverse => [new DeletePortOf(Bridge, Device)];

    public override RecordedChanges Record(RecordedChanges changes) => changes;
}
