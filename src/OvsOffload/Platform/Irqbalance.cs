using System.Collections.Immutable;
using System.Globalization;
using OvsOffload.Os;

namespace OvsOffload.Platform;

/// <summary>An irqbalance that runs, as it was started (irqbalance(1)).</summary>
/// <param name="Process">Its process.</param>
/// <param name="KeepsOff">The argument that keeps it off some interrupts (<c>--banirq=43</c>, <c>--banmod</c>,
/// <c>--policyscript</c>); null for none.</param>
/// <param name="Banned">The variable that names the CPUs it keeps off, with its value
/// (<c>IRQBALANCE_BANNED_CPULIST=2-7</c>). Null: not set, and so it keeps off the isolated ones by itself.</param>
/// <param name="BannedCpus">Those CPUs; empty where the variable is not set.</param>
internal sealed record Irqbalance(
    int Process, string? KeepsOff, string? Banned, ImmutableHashSet<int> BannedCpus)
{
    private const string ListVariable = "IRQBALANCE_BANNED_CPULIST=", MaskVariable = "IRQBALANCE_BANNED_CPUS=";

    /// <summary>The variables that are read of its environment.</summary>
    public static bool IsRelevant(string variable) =>
        variable.StartsWith(ListVariable, StringComparison.Ordinal)
        || variable.StartsWith(MaskVariable, StringComparison.Ordinal);

    /// <summary>
    /// The one that runs, by its socket <c>/run/irqbalance/irqbalancePID.sock</c> or <c>/run/irqbalance.pid</c>; a
    /// socket that a killed one left behind does not count. Absent: none runs.
    /// </summary>
    public static Reading<Irqbalance> Read(HostPaths paths)
    {
        string directory = Path.Combine(paths.Run, "irqbalance");
        Reading<IReadOnlyList<string>> names = paths.Files.Names(directory);
        Reading<string> file = paths.Files.Text(Path.Combine(paths.Run, "irqbalance.pid"));
        if (names.IsFailed || file.IsFailed)
        {
            return Reading.Failed<Irqbalance>(names.IsFailed ? names.Why : file.Why);
        }

        foreach (string word in names.ValueOr([]).Select(OfSocket).Append(file.ValueOr("")))
        {
            if (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int process)
                && paths.Files.LooseText(Of(paths, process, "comm")).ValueOr("") == "irqbalance")
            {
                return paths.Files.LooseText(Of(paths, process, "cmdline")).Then(arguments =>
                    paths.Files.LooseText(Of(paths, process, "environ")).Then(environment =>
                        Parse(process, arguments, environment)));
            }
        }

        return Reading.Absent<Irqbalance>("irqbalance is not running");
    }

    /// <summary>The process's arguments and environment, with zero bytes between (proc_pid_cmdline(5)).</summary>
    public static Reading<Irqbalance> Parse(int process, string arguments, string environment)
    {
        string? keeps = arguments.Split('\0').Skip(1).FirstOrDefault(argument =>
            argument.StartsWith("--ban", StringComparison.Ordinal)
            || argument.StartsWith("--policyscript", StringComparison.Ordinal)
            || (argument is ['-', 'i' or 'm' or 'l', ..]));
        string[] variables = environment.Split('\0');

        // The list wins over the mask, and an empty value counts as none.
        string? list = variables.FirstOrDefault(one => IsSet(one, ListVariable));
        string? mask = variables.FirstOrDefault(one => IsSet(one, MaskVariable));
        Reading<ImmutableHashSet<int>> cpus = list is not null
            ? CpuList.Parse(list[ListVariable.Length..], list)
            : mask is not null
                ? ParseMask(mask[MaskVariable.Length..], mask)
                : Reading.Known(ImmutableHashSet<int>.Empty);
        return cpus.Map(known => new Irqbalance(process, keeps, list ?? mask, known));
    }

    private static bool IsSet(string variable, string name) =>
        variable.StartsWith(name, StringComparison.Ordinal) && variable.Length > name.Length;

    private static string OfSocket(string name) =>
        name.StartsWith("irqbalance", StringComparison.Ordinal) && name.EndsWith(".sock", StringComparison.Ordinal)
            ? name["irqbalance".Length..^".sock".Length]
            : "";

    private static string Of(HostPaths paths, int process, string name) =>
        Path.Combine(paths.Proc, process.ToString(CultureInfo.InvariantCulture), name);

    /// <summary>Words of 32 bits in hexadecimal with commas between, the last one for CPUs 0 to 31.</summary>
    private static Reading<ImmutableHashSet<int>> ParseMask(string text, string from)
    {
        ImmutableHashSet<int>.Builder cpus = ImmutableHashSet.CreateBuilder<int>();
        string digits = string.Concat(text.Split(',').Select((word, at) => at == 0 ? word : word.PadLeft(8, '0')));
        for (int at = 0; at < digits.Length; at++)
        {
            if (!char.IsAsciiHexDigit(digits[^(at + 1)]))
            {
                return Reading.Failed<ImmutableHashSet<int>>($"{from}: not a CPU mask");
            }

            int digit = Convert.ToInt32(digits[^(at + 1)].ToString(), 16);
            for (int bit = 0; bit < 4; bit++)
            {
                if ((digit & 1 << bit) != 0)
                {
                    cpus.Add(at * 4 + bit);
                }
            }
        }

        return Reading.Known(cpus.ToImmutable());
    }
}
