using System.Collections.Immutable;
using OvsOffload.Host;

namespace OvsOffload.Planning;

/// <summary>Moves IP addresses to another device; their routes follow by <see cref="MoveRoutes"/>.</summary>
internal sealed record MoveAddresses(
    DeviceReference From, DeviceReference To, ImmutableArray<IPNetworkAddress> Addresses) : StepAction
{
    public override string Kind => "addresses";
    public override string Object => From.ToString();
    public override string Summary => $"move {string.Join(", ", Addresses)} from {From} to {To}";
}

/// <summary>Puts an IP address on a device.</summary>
internal sealed record AddAddress(DeviceReference Device, IPNetworkAddress Address) : StepAction
{
    public override string Kind => "address";
    public override string Object => Device.ToString();
    public override string Summary => $"put {Address} on {Device}";
}

/// <summary>Takes an IP address off a device; undoes <see cref="AddAddress"/>.</summary>
internal sealed record RemoveAddress(DeviceReference Device, IPNetworkAddress Address) : StepAction
{
    public override string Kind => "address-delete";
    public override string Object => Device.ToString();
    public override string Summary => $"take {Address} off {Device}";
}
