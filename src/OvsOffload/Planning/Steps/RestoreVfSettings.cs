using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.Sysfs;

namespace OvsOffload.Planning;

/// <summary>Gives a VF that was made again the settings that it had.</summary>
internal sealed record RestoreVfSettings(PciAddress Pf, int Vf, LinkVf Settings) : StepAction
{
    public override string Kind => "vf-settings";
    public override string Object => $"{Pf} vf{Vf}";
    public override string Summary => $"restore MAC address, VLAN and limits of {Pf} vf{Vf}";
    public override Scope Scope => new Scope.OfPf(Pf);
    public override ImmutableArray<StepAction> Inverse => [];

    public override RecordedChanges Record(RecordedChanges changes) =>
        changes.WithVf(ChangeKind.VfMac, Pf, Vf, null, Settings.Address.ToString());
}
