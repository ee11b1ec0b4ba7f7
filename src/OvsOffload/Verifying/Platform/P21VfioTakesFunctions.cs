using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Platform;
using OvsOffload.Sysfs;

namespace OvsOffload.Verifying;

/// <summary>vfio-pci is told to take functions that this host needs for itself.</summary>
internal sealed class P21VfioTakesFunctions : FunctionCheck
{
    public override CheckInfo Info { get; } = new(
        "P21",
        "vfio-takes-functions",
        CheckSeverity.Error,
        "vfio-pci takes the ids of NICs that the host needs",
        """
        vfio-pci.ids on the kernel's command line, or ids= of the module's options, makes vfio-pci take every function
        with one of those PCI ids at boot. With a PF's id in it the host's driver never gets the PF: no uplink, no
        e-switch, no VFs. With the id of VFs each new VF of that card goes to vfio-pci, also those that are meant for
        containers and the host.

        A PF's id is an error; that of VFs is info. Ids are of a model, not of a card: handing over single functions
        goes by driver_override, as this program and libvirt do it.
        """);

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? wish, VerifyInput input)
    {
        string name = pf.Address.ToString();
        if (!input.State.Kernel.Facts.CommandLine.TryGet(out KernelCommandLine? line))
        {
            return [Skip(name, $"/proc/cmdline: {input.State.Kernel.Facts.CommandLine.Why}")];
        }

        if (!input.State.Platform.ModuleOptions.TryGet(out IReadOnlyList<ModuleOption>? options))
        {
            return [Skip(name, $"/etc/modprobe.d: {input.State.Platform.ModuleOptions.Why}")];
        }

        (string Place, string Ids)[] places =
        [
            .. line.ValueOf("vfio-pci.ids") is { } ids ? [("/proc/cmdline: "
                + "vfio-pci.ids", ids)] : Array.Empty<(string, string)>(),
            .. options.Where(option => option.Module == "vfio_pci" && option.ValueOf("ids") is not null)
                .Select(option => ($"{option.File}: options vfio-pci ids", option.ValueOf("ids")!)),
        ];
        if (places.FirstOrDefault(place => Has(place.Ids, pf.Model.Id)) is { Place: { } taken } pfPlace)
        {
            return
            [
                Found(FindingStatus.Error, name, $"vfio-pci is told to take {pf.Model.Name} itself",
                    $"{taken}={pfPlace.Ids}; the PF is {pf.Model.Id}, driver {pf.Driver ?? "none"}",
                    "the PF's PCI id is among those that vfio-pci takes at boot",
                    $"take {pf.Model.Id} out of the list, then {input.Distribution.RebuildInitramfs()} and a reboot"),
            ];
        }

        PciId? vf = pf.Model.VfIds.Cast<PciId?>().FirstOrDefault(id => places.Any(place => Has(place.Ids, id!.Value)));
        return vf is null
            ? [Ok(name, $"/proc/cmdline and /etc/modprobe.d: no vfio-pci ids of {pf.Model.Id} or its VFs")]
            :
            [
                Found(FindingStatus.Info, name, "vfio-pci takes every VF of this model",
                    $"{places.First(place => Has(place.Ids, vf.Value)).Place}: {vf}",
                    "the VFs' PCI id is among those that vfio-pci takes",
                    "nothing, where all VFs are for guests; else take it out of the list, and vf-driver: vfio-pci in "
                        + "the configuration"),
            ];
    }

    private static bool Has(string ids, PciId id) => ids.Split(',', StringSplitOptions.TrimEntries)
        .Any(one => string.Join(':', one.Split(':').Take(2)).Equals(id.ToString(), StringComparison.OrdinalIgnoreCase));
}
