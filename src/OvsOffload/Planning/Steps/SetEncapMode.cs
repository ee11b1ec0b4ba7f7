using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.Sysfs;

namespace OvsOffload.Planning;

/// <summary>Changes the e-switch's encap mode.</summary>
internal sealed record SetEncapMode(PciAddress Pf, EswitchEncapMode From, EswitchEncapMode To) : StepAction
{
    public override string Kind => "encap-mode";
    public override string Object => Pf.ToString();
    public override string Summary => $"encap mode of {Pf}: {From.ToName()} -> {To.ToName()}";
    public override Scope Scope => new Scope.OfPf(Pf);
    public override ImmutableArray<StepAction> Inverse => [new SetEncapMode(Pf, To, From)];

    public override RecordedChanges Record(RecordedChanges changes) =>
        changes.With(ChangeKind.EncapMode, Object, From.ToName(), To.ToName());
}
