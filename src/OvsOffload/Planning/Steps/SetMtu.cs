using System.Collections.Immutable;
using OvsOffload.Host;

namespace OvsOffload.Planning;

/// <summary>Sets the MTU of a device; a bond hands it on to its members.</summary>
internal sealed record SetMtu(DeviceReference Device, int From, int To) : StepAction
{
    /// <summary>The MTU of a new device in bytes: ETH_DATA_LEN (linux/if_ether.h), by ether_setup.</summary>
    public const int OfNewDevice = 1500;

    public override string Kind => "mtu";
    public override string Object => Device.ToString();
    public override string Summary => $"MTU of {Device}: {From} -> {To}";
    public override Scope Scope => Device.Scope;
    public override ImmutableArray<StepAction> Inverse => [new SetMtu(Device, To, From)];

    public override RecordedChanges Record(RecordedChanges changes) =>
        Device.Record(changes, ChangeKind.Mtu, $"{From}", $"{To}");
}
