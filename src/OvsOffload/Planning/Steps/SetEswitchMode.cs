using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.Sysfs;

namespace OvsOffload.Planning;

/// <summary>Changes the e-switch's mode.</summary>
internal sealed record SetEswitchMode(PciAddress Pf, EswitchMode From, EswitchMode To) : StepAction
{
    /// <summary>The kind of the entry with <see cref="Again"/>, by the PF; a run that was cut off leaves it.</summary>
    public const string RecordedAgain = "mode-again";

    /// <summary>The mode that it gets later in the same plan; null where it stays in this one.</summary>
    public EswitchMode? Again { get; init; }

    public override string Kind => "eswitch-mode";
    public override string Object => Pf.ToString();
    public override string Summary => $"e-switch mode of {Pf}: {From.ToName()} -> {To.ToName()}";
    public override Scope Scope => new Scope.OfPf(Pf);
    public override ImmutableArray<StepAction> Inverse => [new SetEswitchMode(Pf, To, From)];
    public override DetachedDevices? Detaches => new(Pf) { Rdma = true, Vfs = true };

    public override RecordedChanges Record(RecordedChanges changes) => changes
        .WithoutRepresentors(Pf)

        // The driver has an inline mode of its own at the next change to switchdev.
        .Without(change => change.Kind == SetInlineMode.Recorded && change.Object == Object)
        .With(ChangeKind.EswitchMode, Object, From.ToName(), To.ToName())
        .With(RecordedAgain, Object, null, Again?.ToName());
}
