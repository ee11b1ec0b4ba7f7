using System.Collections.Immutable;
using OvsOffload.Host;

namespace OvsOffload.Planning;

/// <summary>Adds an IP address to a device.</summary>
internal sealed record AddAddress(DeviceReference Device, IPNetworkAddress Address) : StepAction
{
    public override string Kind => "address";
    public override string Object => Device.ToString();
    public override string Summary => $"add {Address} to {Device}";
    public override Scope Scope => Device.Scope;
    public override ImmutableArray<StepAction> Inverse => [new RemoveAddress(Device, Address)];

    public override RecordedChanges Record(RecordedChanges changes) =>
        changes.With(ChangeKind.Address, $"{Address}", null, $"{Device}");
}
