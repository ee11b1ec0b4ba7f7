using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.Sysfs;

namespace OvsOffload.Planning;

/// <summary>Changes the e-switch's inline mode.</summary>
internal sealed record SetInlineMode(PciAddress Pf, EswitchInlineMode From, EswitchInlineMode To)
    : StepAction, ISettingOf<RevertedPf>
{
    /// <summary>The kind of its entry, by the PF, with devlink's word.</summary>
    public static string Recorded => "inline-mode";

    public override string Kind => Recorded;
    public override string Object => Pf.ToString();
    public override string Summary => $"inline mode of {Pf}: {From.ToName()} -> {To.ToName()}";
    public override Scope Scope => new Scope.OfPf(Pf);
    public override ImmutableArray<StepAction> Inverse => [new SetInlineMode(Pf, To, From)];

    public override RecordedChanges Record(RecordedChanges changes) =>
        changes.With(Recorded, Object, From.ToName(), To.ToName());

    /// <inheritdoc/>
    public static StepAction? PutBack(RevertedPf thing, RecordedChange entry) =>
        thing is { ChangesMode: false, Pf.Mode: EswitchMode.Switchdev }
            && thing.Pf.Eswitch.ValueOrDefault()?.InlineMode is { } now && now.ToName() == entry.After
            && EswitchNames.InlineModeOf(entry.Before) is { } before
            ? new SetInlineMode(thing.Pf.Address, now, before)
            : null;
}
