using System.Collections.Immutable;
using OvsOffload.Host;

namespace OvsOffload.Planning;

/// <summary>
/// Waits, for a bounded time, until the kernel has made an address or a route of a router's advertisement on a device.
/// </summary>
/// <param name="From">
/// The device on which the router was heard; as a port it hears none, and loses what it had of it.
/// </param>
/// <param name="Device">The device.</param>
internal sealed record WaitForRouter(DeviceReference From, DeviceReference Device) : StepAction
{
    /// <summary>The bond that it is done for; null where it is done for the devices themselves.</summary>
    public string? Bond { get; init; }

    public override string Kind => "wait-router";
    public override string Object => Device.ToString();
    public override string Summary => $"wait for a router advertisement on {Device}";
    public override Scope Scope => Bond is { } bond ? new Scope.OfBond(bond) : Scope.Upper(Device.Scope, From.Scope);
    public override ImmutableArray<StepAction> Inverse => [];

    public override RecordedChanges Record(RecordedChanges changes) => changes;
}
