using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Sysfs;

namespace OvsOffload.Planning;

/// <summary>Sets whether new VFs get a driver at once.</summary>
internal sealed record SetDriversAutoprobe(PciAddress Pf, bool From, bool To) : StepAction
{
    /// <summary>The kind of its entry, <c>0</c> or <c>1</c>, by the PF.</summary>
    public const string Recorded = "drivers-autoprobe";

    public override string Kind => Recorded;
    public override string Object => Pf.ToString();
    public override string Summary => $"sriov_drivers_autoprobe of {Pf}: {Text(From)} -> {Text(To)}";
    public override Scope Scope => new Scope.OfPf(Pf);
    public override ImmutableArray<StepAction> Inverse => [new SetDriversAutoprobe(Pf, To, From)];

    public override RecordedChanges Record(RecordedChanges changes) =>
        changes.With(Recorded, Object, Text(From), Text(To));

    private static string Text(bool on) => on ? "1" : "0";
}
