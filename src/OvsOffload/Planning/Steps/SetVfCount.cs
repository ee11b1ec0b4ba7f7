using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Sysfs;

namespace OvsOffload.Planning;

/// <summary>Creates all VFs of a PF, or removes all; the kernel knows nothing in between.</summary>
/// <param name="Pf">The PF.</param>
/// <param name="From">VFs before.</param>
/// <param name="To">VFs after; one of both is 0.</param>
/// <param name="Before">The VFs that are lost, so that they can be made again as they were.</param>
internal sealed record SetVfCount(PciAddress Pf, int From, int To, ImmutableArray<VirtualFunction> Before) : StepAction
{
    /// <summary>sriov_drivers_autoprobe before the step, so that it is left so when lost VFs are made again.</summary>
    public bool Autoprobe { get; init; } = true;

    /// <summary>How many VFs are made again later in the same plan; null where none are.</summary>
    public int? Again { get; init; }

    /// <summary>The drivers that the new VFs get later in the same plan; until then they have none.</summary>
    public ImmutableArray<VfBinding> Bindings { get; init; } = [];

    public override string Kind => "vf-count";
    public override string Object => Pf.ToString();
    public override string Summary => $"sriov_numvfs of {Pf}: {From} -> {To}";
    public override Scope Scope => new Scope.OfPf(Pf);
    public override DetachedDevices? Detaches => To == 0 ? new(Pf) { Vfs = true } : null;

    public override ImmutableArray<StepAction> Inverse =>
        To > 0 ? [new SetVfCount(Pf, To, 0, [])] : From > 0 ? MakeAgain() : [];

    public override RecordedChanges Record(RecordedChanges changes)
    {
        RecordedChanges all = changes.WithoutRepresentors(Pf).WithoutBindings(Pf);
        foreach (VfBinding binding in Bindings)
        {
            all = all.With(ChangeKind.VfBinding, $"{Pf} vf{binding.Vf}", null, $"{binding.Bound}");
        }

        foreach (VirtualFunction vf in To == 0 ? Before : [])
        {
            all = all
                .WithVf(ChangeKind.VfDriver, Pf, vf.Index, $"{new BoundDriver(vf.Driver, vf.DriverOverride)}", null)
                .WithVf(ChangeKind.VfMac, Pf, vf.Index, vf.Mac?.ToString(), null);
        }

        return all.With(ChangeKind.VfCount, Object, $"{From}", $"{To}")
            .With(ChangeKind.VfRecreation, Object, null, Again is { } again ? $"{again}" : null);
    }

    /// <summary>Makes VFs again with the addresses and drivers that they had.</summary>
    private ImmutableArray<StepAction> MakeAgain()
    {
        ImmutableArray<StepAction>.Builder again = ImmutableArray.CreateBuilder<StepAction>();
        again.Add(new SetDriversAutoprobe(Pf, From: true, To: false));
        again.Add(new SetVfCount(Pf, 0, From, []));
        foreach (VirtualFunction vf in Before)
        {
            if (vf.Settings.IsKnown)
            {
                again.Add(new RestoreVfSettings(Pf, vf.Index, vf.Settings.Value));
            }
        }

        // With autoprobe off the kernel refuses a bind by hand too (pci_device_can_probe in drivers/pci/pci-driver.c).
        again.Add(new SetDriversAutoprobe(Pf, From: false, To: true));
        foreach (VirtualFunction vf in Before.Where(vf => vf.Driver is not null))
        {
            again.Add(new SetVfDriver(Pf, vf.Index, null, vf.Driver, null, vf.DriverOverride));
        }

        if (!Autoprobe)
        {
            again.Add(new SetDriversAutoprobe(Pf, From: true, To: false));
        }

        return again.ToImmutable();
    }
}
