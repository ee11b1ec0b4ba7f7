using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.Sysfs;

namespace OvsOffload.Planning;

/// <summary>Sets devlink's flow_steering_mode at run time.</summary>
internal sealed record SetSteeringMode(PciAddress Pf, string From, string To)
    : StepAction, ISettingOf<RevertedPf>
{
    /// <summary>The kind of its entry, by the PF, with the parameter's word.</summary>
    public static string Recorded => "steering-mode";

    public override string Kind => Recorded;
    public override string Object => Pf.ToString();
    public override string Summary => $"flow_steering_mode of {Pf}: {From} -> {To}";
    public override Scope Scope => new Scope.OfPf(Pf);
    public override ImmutableArray<StepAction> Inverse => [new SetSteeringMode(Pf, To, From)];

    public override RecordedChanges Record(RecordedChanges changes) =>
        changes.With(Recorded, Object, From, To);

    /// <inheritdoc/>
    public static StepAction? PutBack(RevertedPf thing, RecordedChange entry) =>
        entry.Before is { } before && thing is { ChangesMode: false, Mode: EswitchMode.Legacy }
            && thing.Pf.SteeringMode.TryGet(out string? now) && now != before
            ? new SetSteeringMode(thing.Pf.Address, now, before)
            : null;
}
