using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.Sysfs;

namespace OvsOffload.Planning;

/// <summary>Sets the administrative MAC address of a VF.</summary>
internal sealed record SetVfMac(PciAddress Pf, int Vf, HardwareAddress? From, HardwareAddress To) : StepAction
{
    public override string Kind => "vf-mac";
    public override string Object => $"{Pf} vf{Vf}";
    public override string Summary => $"MAC address of {Pf} vf{Vf}: {From?.ToString() ?? "none"} -> {To}";
    public override Scope Scope => new Scope.OfPf(Pf);
    public override ImmutableArray<StepAction> Inverse =>
        From is { } before ? [new SetVfMac(Pf, Vf, To, before)] : [];

    public override DetachedDevices? Detaches => new(Pf) { Vfs = true, OnlyVf = Vf, IsFresh = From is null };

    public override RecordedChanges Record(RecordedChanges changes) =>
        changes.WithVf(ChangeKind.VfMac, Pf, Vf, From?.ToString(), $"{To}");
}
