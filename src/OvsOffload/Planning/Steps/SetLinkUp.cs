using System.Collections.Immutable;
using OvsOffload.Host;

namespace OvsOffload.Planning;

/// <summary>Sets a device up or down.</summary>
internal sealed record SetLinkUp(DeviceReference Device, bool From, bool To) : StepAction
{
    public override string Kind => "link-up";
    public override string Object => Device.ToString();
    public override string Summary => $"link of {Device}: {Text(From)} -> {Text(To)}";
    public override Scope Scope => Device.Scope;
    public override ImmutableArray<StepAction> Inverse => [new SetLinkUp(Device, To, From)];

    public override RecordedChanges Record(RecordedChanges changes) =>
        Device.Record(changes, ChangeKind.Link, Text(From), Text(To));

    private static string Text(bool up) => up ? "up" : "down";
}
