using System.Collections.Immutable;
using OvsOffload.Host;

namespace OvsOffload.Planning;

/// <summary>Makes a device that is down a member of a bond, which sets it up.</summary>
internal sealed record AddBondMember(string Bond, DeviceReference Device) : StepAction
{
    /// <summary>Stands for being a member, in entries of <see cref="ChangeKind.BondMember"/>.</summary>
    public const string Member = "member";

    public override string Kind => "bond-member";
    public override string Object => $"{Bond} {Device}";
    public override string Summary => $"add {Device} to bond {Bond}";
    public override Scope Scope => new Scope.OfBond(Bond);
    public override ImmutableArray<StepAction> Inverse => [new RemoveBondMember(Bond, Device)];

    /// <summary>The NIC removes the RDMA devices of the members to create one of the bond.</summary>
    public override DetachedDevices? Detaches => Device is UplinkOf uplink ? new(uplink.Pf) { Rdma = true } : null;

    public override RecordedChanges Record(RecordedChanges changes) =>
        changes.CreatedBond(Bond) ? changes : changes.With(ChangeKind.BondMember, Object, null, Member);
}
