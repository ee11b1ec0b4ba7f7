using OvsOffload.Os;
using OvsOffload.Planning;
using OvsOffload.Sysfs;

namespace OvsOffload.Applying;

/// <summary>Steps on PCI functions. Each returns whether it wrote anything.</summary>
internal sealed class PciSteps(PciFunctions functions, PciControl control, VfioHolders holders) : IStepClient
{
    /// <inheritdoc/>
    public Task<bool>? TryRunAsync(StepAction action, CancellationToken cancellation) => action switch
    {
        SetVfCount step => RunAsync(step, cancellation),
        SetDriversAutoprobe step => RunAsync(step, cancellation),
        SetVfDriver step => RunAsync(step, cancellation),
        _ => null,
    };

    /// <summary>Creates VFs, or removes them unless one came into use after the plan was made.</summary>
    public async Task<bool> RunAsync(SetVfCount step, CancellationToken cancellation)
    {
        PciFunction pf = Read(step.Pf);
        int before = ValueOf(pf.SriovNumVfs, $"sriov_numvfs of {step.Pf}");
        if (before == step.To)
        {
            return false;
        }

        if (step.From == 0 && before > 0)
        {
            throw new StepException(
                $"{step.Summary}: {before} VFs were created after the plan was made; run plan again", 0, null, null,
                null)
            {
                ChangedNothing = true,
            };
        }

        if (step.To == 0)
        {
            ThrowIfHeld(pf);
        }

        try
        {
            await control.SetVfCountAsync(step.Pf, step.To, cancellation);
        }
        catch (SysfsException failure)
            when (failure.Errno != Errno.ETIMEDOUT && Read(step.Pf).SriovNumVfs.ValueOr(-1) == before)
        {
            throw new StepException(failure.Message, (int)failure.Errno, null, null, failure)
            {
                ChangedNothing = true,
            };
        }

        int now = ValueOf(Read(step.Pf).SriovNumVfs, $"sriov_numvfs of {step.Pf}");
        if (step.From == 0 && now > 0 && now != step.To)
        {
            // Some firmware makes fewer than it promised; a step that fails leaves none.
            await control.SetVfCountAsync(step.Pf, 0, CancellationToken.None);
        }

        return now == step.To
            ? true
            : throw new StepException(
                $"sriov_numvfs of {step.Pf}: requested {step.To} VFs, got {now}; see dmesg",
                0, null, null, null);
    }

    /// <summary>Sets sriov_drivers_autoprobe.</summary>
    public async Task<bool> RunAsync(SetDriversAutoprobe step, CancellationToken cancellation)
    {
        if (ValueOf(Read(step.Pf).DriversAutoprobe, $"sriov_drivers_autoprobe of {step.Pf}") == step.To)
        {
            return false;
        }

        await control.SetDriversAutoprobeAsync(step.Pf, step.To, cancellation);
        return true;
    }

    /// <summary>Binds a VF, or unbinds it.</summary>
    public async Task<bool> RunAsync(SetVfDriver step, CancellationToken cancellation)
    {
        PciFunction vf = Read(AddressOf(step.Pf, step.Vf));
        string? driver = vf.Driver.IsAbsent ? null : ValueOf(vf.Driver, $"driver of {vf.Address}");
        bool right = step.To == SetVfDriver.Default ? driver is not null : driver == step.To;
        bool wrote = false;
        if (driver is not null && !right)
        {
            ThrowIfHeld(vf.Address);
            await control.UnbindAsync(vf.Address, cancellation);
            wrote = true;
        }

        if (vf.DriverOverride.ValueOrDefault() != step.OverrideTo)
        {
            await control.SetDriverOverrideAsync(vf.Address, step.OverrideTo, cancellation);
            wrote = true;
        }

        if (right || step.To is null)
        {
            return wrote;
        }

        if (step.To == SetVfDriver.Default)
        {
            await control.ProbeDriversAsync(vf.Address, cancellation);
        }
        else
        {
            await BindAsync(step, vf.Address, cancellation);
        }

        string? now = Read(vf.Address).Driver.ValueOrDefault();
        return now is not null
            ? true
            : throw new StepException(
                $"driver of {step.Object}: no driver bound to {vf.Address}; is {step.To} loaded? See dmesg", 0, null,
                null, null);
    }

    /// <summary>
    /// Binds a VF. While sriov_drivers_autoprobe is 0 the kernel lets no driver take a VF but that of driver_override
    /// (pci_device_can_probe in drivers/pci/pci-driver.c), which is lent for so long.
    /// </summary>
    private async Task BindAsync(SetVfDriver step, PciAddress vf, CancellationToken cancellation)
    {
        bool lent = step.OverrideTo is null && !Read(step.Pf).DriversAutoprobe.ValueOr(true);
        if (lent)
        {
            await control.SetDriverOverrideAsync(vf, step.To, cancellation);
        }

        try
        {
            await control.BindAsync(vf, step.To!, cancellation);
        }
        finally
        {
            if (lent)
            {
                await control.SetDriverOverrideAsync(vf, null, CancellationToken.None);
            }
        }
    }

    /// <summary>The VFs of a PF and how many of them are bound.</summary>
    public VfsPresent VfsOf(PciAddress pf)
    {
        IReadOnlyList<VirtualFunctionLink> vfs = ValueOf(Read(pf).VirtualFunctions, $"the VFs of {pf}");
        return new VfsPresent(vfs.Count, vfs.Count(vf => !Read(vf.Address).Driver.IsAbsent));
    }

    private PciAddress AddressOf(PciAddress pf, int vf)
    {
        IReadOnlyList<VirtualFunctionLink> vfs = ValueOf(Read(pf).VirtualFunctions, $"the VFs of {pf}");
        return vfs.Any(link => link.Index == vf)
            ? vfs.First(link => link.Index == vf).Address
            : throw new StepException($"{pf} vf{vf}: no such VF", 0, null, null, null);
    }

    private void ThrowIfHeld(PciFunction pf)
    {
        foreach (VirtualFunctionLink vf in ValueOf(pf.VirtualFunctions, $"the VFs of {pf.Address}"))
        {
            ThrowIfHeld(vf.Address);
        }
    }

    /// <summary>The last look before a VF is taken: vfio lets the kernel destroy it under a running guest.</summary>
    private void ThrowIfHeld(PciAddress vf)
    {
        Reading<IReadOnlyList<VfioHolder>> held = holders.Of(Read(vf));
        if (held.IsFailed || held.ValueOr([]).Count > 0)
        {
            throw new StepException(
                held.IsFailed
                    ? $"{vf} may be in use, which cannot be determined: {held.Why}"
                    : $"{vf} is in use since the plan was made: {string.Join(", ", held.Value)}",
                0, null, null, null)
            {
                ChangedNothing = true,
            };
        }
    }

    private PciFunction Read(PciAddress address) =>
        ValueOf(functions.Read(address), $"PCI function {address}");

    private static T ValueOf<T>(Reading<T> reading, string what) => reading.TryGet(out T? value)
        ? value
        : throw new StepException($"{what}: {reading.Why}", 0, null, null, null);
}
