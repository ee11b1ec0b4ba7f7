using System.Collections.Immutable;
using OvsOffload.Host;

namespace OvsOffload.Planning;

/// <summary>Switches the feature hw-tc-offload of an uplink or representor.</summary>
internal sealed record SetHwTcOffload(DeviceReference Device, bool From, bool To) : StepAction
{
    public override string Kind => "hw-tc-offload";
    public override string Object => Device.ToString();
    public override string Summary => $"hw-tc-offload of {Device}: {Text(From)} -> {Text(To)}";
    public override Scope Scope => Device.Scope;
    public override ImmutableArray<StepAction> Inverse => [new SetHwTcOffload(Device, To, From)];

    public override RecordedChanges Record(RecordedChanges changes) =>
        Device.Record(changes, ChangeKind.TcOffload, Text(From), Text(To));

    private static string Text(bool on) => on ? "on" : "off";
}
