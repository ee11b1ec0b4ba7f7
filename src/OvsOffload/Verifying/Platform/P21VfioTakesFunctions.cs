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
        "vfio-pci claims NICs that the host needs",
        """
        vfio-pci.ids on the kernel command line, or ids= in the module's options, makes vfio-pci claim every function
        with one of those PCI ids at boot. With a PF's id in it the host's driver never gets the PF: no uplink, no
        e-switch, no VFs. With the id of VFs every new VF of that card goes to vfio-pci, including those meant for
        containers and the host.

        A PF's id is an error; the id of VFs is info. Ids belong to a model, not to a card: single functions are
        assigned with driver_override, as ovs-offload and libvirt do.
        """);

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? intent, Observation input)
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
                Found(FindingStatus.Error, name, $"vfio-pci is configured to claim {pf.Model.Name} PFs",
                    $"{taken}={pfPlace.Ids}; the PF is {pf.Model.Id}, driver {pf.Driver ?? "none"}",
                    "the PF's PCI id is in the list of ids that vfio-pci claims at boot",
                    $"remove {pf.Model.Id} from the list, run {input.Distribution.RebuildInitramfs()} and reboot"),
            ];
        }

        PciId? vf = pf.Model.VfIds.Cast<PciId?>().FirstOrDefault(id => places.Any(place => Has(place.Ids, id!.Value)));
        return vf is null
            ? [Ok(name, $"/proc/cmdline and /etc/modprobe.d: no vfio-pci ids of {pf.Model.Id} or its VFs")]
            :
            [
                Found(FindingStatus.Info, name, "vfio-pci claims every VF of this model",
                    $"{places.First(place => Has(place.Ids, vf.Value)).Place}: {vf}",
                    "the VFs' PCI id is in the list of ids that vfio-pci claims",
                    "none needed if all VFs are for guests; otherwise remove it from the list and set vf-driver: "
                        + "vfio-pci in the configuration"),
            ];
    }

    private static bool Has(string ids, PciId id) => ids.Split(',', StringSplitOptions.TrimEntries)
        .Any(one => string.Join(':', one.Split(':').Take(2)).Equals(id.ToString(), StringComparison.OrdinalIgnoreCase));
}
