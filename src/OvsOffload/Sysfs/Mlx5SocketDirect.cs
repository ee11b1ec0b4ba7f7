using System.Collections.Immutable;
using OvsOffload.Os;

namespace OvsOffload.Sysfs;

/// <summary>
/// The functions of a socket-direct card that are one network device, as mlx5_core tells below its first function in
/// <c>/sys/kernel/debug/mlx5/PF/multi-pf/</c> (mlx5/core/lib/sd.c, kernel 6.9 and later; the kernel's
/// Documentation/networking/multi-pf-netdev.rst calls the directory <c>sd</c>). From source and document, not tried on
/// such a card.
/// </summary>
/// <param name="Primary">File <c>primary</c>, <c>0000:08:00.0 vhca 0x0</c>: the function that has the device.</param>
/// <param name="Secondaries">Files <c>secondary_N</c>, written likewise: those without a device.</param>
internal sealed record Mlx5SocketDirect(PciAddress Primary, ImmutableArray<PciAddress> Secondaries)
{
    private static readonly string[] Directories = ["multi-pf", "sd"];

    /// <summary>Reads what stands below a PF. Absent: it is the first function of no such card. Failed: debugfs cannot
    /// be read.</summary>
    public static Reading<Mlx5SocketDirect> Read(HostPaths paths, PciAddress pf)
    {
        string function = Path.Combine(paths.Debug, "mlx5", pf.ToString());
        Reading<IReadOnlyList<string>> names = paths.Files.Names(function);
        return !names.TryGet(out IReadOnlyList<string>? all) ? Reading.Failed<Mlx5SocketDirect>(names.WhyOf(function))
            : Directories.FirstOrDefault(all.Contains) is { } directory
                ? Read(paths.Files, Path.Combine(function, directory))
            : Reading.Absent<Mlx5SocketDirect>($"{function}: no {Directories[0]}");
    }

    private static Reading<Mlx5SocketDirect> Read(HostFiles files, string directory)
    {
        const string Secondary = "secondary_";
        Reading<PciAddress> primary = Address("primary");
        return primary.Then(first => files.Names(directory).Then(names =>
        {
            ImmutableArray<PciAddress>.Builder others = ImmutableArray.CreateBuilder<PciAddress>();
            foreach (string name in names.Where(name => name.StartsWith(Secondary, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal))
            {
                Reading<PciAddress> other = Address(name);
                if (!other.TryGet(out PciAddress address))
                {
                    return Reading.Failed<Mlx5SocketDirect>(other.WhyOf($"{directory}/{name}"));
                }

                others.Add(address);
            }

            return Reading.Known(new Mlx5SocketDirect(first, others.ToImmutable()));
        }));

        Reading<PciAddress> Address(string name)
        {
            string file = Path.Combine(directory, name);
            Reading<string> text = files.Text(file);
            return text.IsAbsent ? Reading.Failed<PciAddress>(text.Why) : text.Then(line =>
                PciAddress.TryParse(line.Split(' ')[0], out PciAddress address)
                    ? Reading.Known(address)
                    : Reading.Failed<PciAddress>($"{file}: '{line}' does not begin with a PCI address"));
        }
    }
}
