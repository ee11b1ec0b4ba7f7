using System.Collections.Immutable;
using OvsOffload.Host;

namespace OvsOffload.Planning;

/// <summary>Removes an IP address from a device; undoes <see cref="AddAddress"/>.</summary>
internal sealed record RemoveAddress(DeviceReference Device, IPNetworkAddress Address) : StepAction
{
    public override string Kind => "address-delete";
    public override string Object => Device.ToString();
    public override string Summary => $"remove {Address} from {Device}";
    public override Scope Scope => Device.Scope;
    public override ImmutableArray<StepAction> Inverse => [new AddAddress(Device, Address)];

    public override RecordedChanges Record(RecordedChanges changes) =>
        changes.With(ChangeKind.Address, $"{Address}", $"{Device}", null);
}
