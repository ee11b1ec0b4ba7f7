using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Netlink;

namespace OvsOffload.Planning;

/// <summary>
/// Sets the MAC address of a device. Not on the record: it only gives a device back what an earlier step of the same
/// plan took from it.
/// </summary>
internal sealed record SetLinkAddress(DeviceReference Device, HardwareAddress From, HardwareAddress To) : StepAction
{
    public override string Kind => "link-address";
    public override string Object => Device.ToString();
    public override string Summary => $"MAC address of {Device}: {From} -> {To}";
    public override Scope Scope => Device.Scope;
    public override ImmutableArray<StepAction> Inverse => [new SetLinkAddress(Device, To, From)];

    public override RecordedChanges Record(RecordedChanges changes) => changes;
}
