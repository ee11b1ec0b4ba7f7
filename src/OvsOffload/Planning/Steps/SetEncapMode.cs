using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.Sysfs;

namespace OvsOffload.Planning;

/// <summary>Changes the e-switch's encap mode.</summary>
internal sealed record SetEncapMode(PciAddress Pf, EswitchEncapMode From, EswitchEncapMode To)
    : StepAction, ISettingOf<RevertedPf>
{
    /// <summary>The kind of its entry, by the PF, with devlink's word.</summary>
    public static string Recorded => "encap-mode";

    public override string Kind => Recorded;
    public override string Object => Pf.ToString();
    public override string Summary => $"encap mode of {Pf}: {From.ToName()} -> {To.ToName()}";
    public override Scope Scope => new Scope.OfPf(Pf);
    public override ImmutableArray<StepAction> Inverse => [new SetEncapMode(Pf, To, From)];

    public override RecordedChanges Record(RecordedChanges changes) =>
        changes.With(Recorded, Object, From.ToName(), To.ToName());

    /// <inheritdoc/>
    public static StepAction? PutBack(RevertedPf thing, RecordedChange entry) =>
        thing.Pf.Eswitch.ValueOrDefault()?.EncapMode is { } now && now.ToName() == entry.After
            && EswitchNames.EncapModeOf(entry.Before) is { } before
            ? new SetEncapMode(thing.Pf.Address, now, before)
            : null;
}
