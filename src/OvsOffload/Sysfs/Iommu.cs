using System.Globalization;
using OvsOffload.Os;

namespace OvsOffload.Sysfs;

/// <summary>An IOMMU group.</summary>
/// <param name="Number">As in <c>/dev/vfio/N</c>.</param>
/// <param name="Type"><c>DMA</c>, <c>DMA-FQ</c> or <c>identity</c>: how the host's own drivers are translated. Identity
/// is what <c>iommu=pt</c> gives.</param>
internal sealed record IommuGroup(int Number, Reading<string> Type);

/// <summary>The host's IOMMU. Without one no function can be handed to a guest.</summary>
/// <param name="Units">Hardware units, as <c>/sys/class/iommu</c> names them (<c>dmar0</c>, <c>ivhd0</c>).</param>
/// <param name="Groups">In the order of their numbers; empty when no IOMMU is in force.</param>
internal sealed record Iommu(Reading<IReadOnlyList<string>> Units, Reading<IReadOnlyList<IommuGroup>> Groups)
{
    public static Iommu Read(HostPaths paths)
    {
        string directory = Path.Combine(paths.Sys, "kernel/iommu_groups");
        return new Iommu(
            paths.Files.Names(Path.Combine(paths.Sys, "class/iommu")),
            paths.Files.Names(directory).Map<IReadOnlyList<IommuGroup>>(names =>
            [
                .. names.Where(name => name.All(char.IsAsciiDigit))
                    .Select(name => new IommuGroup(
                        int.Parse(name, CultureInfo.InvariantCulture),
                        paths.Files.Text(Path.Combine(directory, name, "type"))))
                    .OrderBy(group => group.Number),
            ]));
    }
}
