using System.Globalization;

namespace OvsOffload.Testing;

/// <summary>
/// Writes the PCI functions of a host's cards, with interrupts, debugfs and the guests that hold VFs.
/// </summary>
internal static class CardFiles
{
    public static HostTree WriteCards(this HostTree tree, HostDescription host)
    {
        foreach (PortDescription port in host.Ports)
        {
            tree.WritePort(host, port);
        }

        foreach (VfDescription vf in host.Vfs)
        {
            tree.WriteVf(host, vf);
        }

        return tree;
    }

    private static string DirectoryOf(string address) => $"/sys/bus/pci/devices/{address}";

    private static void WritePort(this HostTree tree, HostDescription host, PortDescription port)
    {
        string directory = DirectoryOf(port.PciAddress);
        int group = 20 + port.Number;
        tree.Pci(port.PciAddress, port.Id, attributes:
            [
                ("sriov_totalvfs", $"{port.VfLimit}"), ("sriov_numvfs", $"{port.Vfs}"),
                ("sriov_drivers_autoprobe", port.Autoprobe ? "1" : "0"),
                ("sriov_offset", $"{port.VfOffset}"), ("sriov_stride", $"{port.VfStride}"), ("numa_node", "0"),
                ("driver_override", "(null)"),
                ("current_link_speed", port.LinkSpeed), ("max_link_speed", port.LinkSpeed),
                ("current_link_width", $"{port.LinkWidth}"), ("max_link_width", $"{port.LinkWidth}"),
            ])
            .Link($"{directory}/driver", $"../../../bus/pci/drivers/{port.Driver}")
            .Link($"{directory}/iommu_group", $"../../../kernel/iommu_groups/{group}")
            .File($"/sys/kernel/iommu_groups/{group}/type", $"{host.Distribution.IommuType}\n")
            .Dir($"{directory}/net/{port.Device}")
            .File($"/sys/class/net/{port.Device}/speed", $"{port.Speed}\n")
            .File($"/sys/class/net/{port.Device}/duplex", "full\n");
        if (port.SecondDevice is { } second)
        {
            tree.Dir($"{directory}/net/{second}");
        }

        if (port.Driver == "mlx5_core")
        {
            tree.WriteLag(host, port);
        }

        for (int queue = 0; queue < port.Interrupts; queue++)
        {
            int number = 100 + port.Number * 100 + queue;
            string name = string.Format(CultureInfo.InvariantCulture, port.InterruptName, queue, port.PciAddress);
            tree.File($"{directory}/msi_irqs/{number}", "msix\n")
                .File($"/proc/irq/{number}/smp_affinity_list", $"{queue % SystemFiles.CpusOfNode}\n")
                .Dir($"/proc/irq/{number}/{name}");
        }
    }

    /// <summary>
    /// mlx5/core/lag/debugfs.c, kernel 5.19 and later; without a LAG only these two files can be read.
    /// </summary>
    private static void WriteLag(this HostTree tree, HostDescription host, PortDescription port)
    {
        string function = $"/sys/kernel/debug/mlx5/{port.PciAddress}";
        tree.Dir(function);
        if (host.Distribution.Release.StartsWith("5.15.", StringComparison.Ordinal))
        {
            return;
        }

        tree.File($"{function}/lag/state", host.Bond is null ? "disabled\n" : "active\n")
            .File($"{function}/lag/members", string.Concat(host.Ports.Select(one => one.PciAddress + "\n")));
        if (host.Bond is { } bond)
        {
            tree.File($"{function}/lag/type", "switchdev\n")
                .File($"{function}/lag/port_sel_mode", $"{bond.PortSelection}\n")
                .File($"{function}/lag/flags", "shared_fdb:on\nfdb_selection_mode:native\n")
                .File($"{function}/lag/mapping", bond.PortSelection == "hash" ? "1\n2\n" : "1:1\n2:2\n");
        }
    }

    private static void WriteVf(this HostTree tree, HostDescription host, VfDescription vf)
    {
        string directory = DirectoryOf(vf.PciAddress);
        tree.Pci(vf.PciAddress, vf.Port.VfId, attributes:
            [("numa_node", "0"), ("driver_override", vf.IsHeld ? "vfio-pci" : "(null)")])
            .Link($"{DirectoryOf(vf.Port.PciAddress)}/virtfn{vf.Index}", $"../{vf.PciAddress}")
            .Link($"{directory}/physfn", $"../{vf.Port.PciAddress}")
            .Link($"{directory}/iommu_group", $"../../../kernel/iommu_groups/{vf.Group}")
            .File(
                $"/sys/kernel/iommu_groups/{vf.Group}/type",
                vf.IsHeld ? "DMA-FQ\n" : $"{host.Distribution.IommuType}\n");
        if (vf.Driver is { } driver)
        {
            tree.Link($"{directory}/driver", $"../../../bus/pci/drivers/{driver}");
        }

        if (vf.Device is { } device)
        {
            tree.Dir($"{directory}/net/{device}");
        }

        if (vf.IsHeld)
        {
            string process = $"/proc/{vf.Process}";
            tree.File($"{process}/comm", "qemu-system-x86\n")
                .File($"{process}/task/{vf.Process}/status", "Name:\tqemu-system-x86\nCpus_allowed_list:\t0-7\n")
                .Link($"{process}/ns/net", "net:[4026531840]")
                .Link($"{process}/fd/3", "/var/lib/libvirt/images/customer.qcow2")
                .Link($"{process}/fd/4", $"socket:[{5000 + vf.Process}]")
                .Link($"{process}/fd/5", $"/dev/vfio/{vf.Group}");
        }
    }
}
