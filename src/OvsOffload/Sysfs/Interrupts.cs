using System.Globalization;
using OvsOffload.Os;

namespace OvsOffload.Sysfs;

/// <summary>An MSI or MSI-X interrupt of a function.</summary>
/// <param name="Number">As in <c>/proc/interrupts</c>.</param>
/// <param name="Affinity">The CPUs that may serve it, as the kernel lists them (<c>0-3,8</c>). Absent until the driver
/// has requested the interrupt, which many do when the interface comes up.</param>
/// <param name="Handlers">Names that the driver gave it (<c>eth1-rx-0</c>); empty until then.</param>
internal sealed record Interrupt(int Number, Reading<string> Affinity, IReadOnlyList<string> Handlers);

/// <summary>Reads the interrupts of PCI functions. Stateless.</summary>
internal sealed class Interrupts(HostPaths paths)
{
    /// <summary>The interrupts of a function, by number; absent when it uses none of its own (no driver, or no
    /// MSI).</summary>
    public Reading<IReadOnlyList<Interrupt>> Of(PciAddress function) =>
        paths.Files.Names(Path.Combine(new PciFunctions(paths).DirectoryOf(function), "msi_irqs"))
            .Map<IReadOnlyList<Interrupt>>(names => [.. names.Where(name => name.All(char.IsAsciiDigit))
                .Select(name => int.Parse(name, CultureInfo.InvariantCulture)).Order().Select(Read)]);

    private Interrupt Read(int number)
    {
        string directory = Path.Combine(paths.Proc, "irq", number.ToString(CultureInfo.InvariantCulture));
        IReadOnlyList<string> names = paths.Files.Names(directory).ValueOr([]);
        return new Interrupt(number, paths.Files.Text(Path.Combine(directory, "smp_affinity_list")),
            [.. names.Where(name => paths.Files.IsDirectory(Path.Combine(directory, name)))]);
    }
}
