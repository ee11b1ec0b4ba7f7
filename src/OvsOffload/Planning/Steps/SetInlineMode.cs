using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.Sysfs;

namespace OvsOffload.Planning;

/// <summary>Changes the e-switch's inline mode.</summary>
internal sealed record SetInlineMode(PciAddress Pf, EswitchInlineMode From, EswitchInlineMode To) : StepAction
{
    public override string Kind => "inline-mode";
    public override string Object => Pf.ToString();
    public override string Summary => $"inline mode of {Pf}: {From.ToName()} -> {To.ToName()}";
    public override Scope Scope => new Scope.OfPf(Pf);
    public override ImmutableArray<StepAction> Inverse => [new SetInlineMode(Pf, To, From)];

    public override RecordedChanges Record(RecordedChanges changes) =>
        changes.With(ChangeKind.InlineMode, Object, From.ToName(), To.ToName());
}
