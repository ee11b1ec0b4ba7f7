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
    public override Scope Scope => Scope.Upper(To.Scope, From.Scope);
    public override ImmutableArray<StepAction> Inverse => [new MoveAddresses(To, From, Addresses)];

    public override RecordedChanges Record(RecordedChanges changes) => Addresses.Aggregate(
        changes, (all, address) => all.With(ChangeKind.Address, $"{address}", $"{From}", $"{To}"));
}
