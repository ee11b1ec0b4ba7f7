using System.Collections.Immutable;
using System.Globalization;
using OvsOffload.Os;

namespace OvsOffload.Platform;

/// <summary>CPUs as the kernel lists them (cpuset(7), List Format): <c>0-3,8,10-11</c>.</summary>
internal static class CpuList
{
    /// <summary>The highest number that is believed, NR_CPUS_RANGE_END of x86 (arch/x86/Kconfig).</summary>
    private const int Most = 8192;

    /// <summary>The CPUs of a list, an empty one included; failed where it is no list.</summary>
    /// <param name="text">The list.</param>
    /// <param name="from">Where it stood, for the message.</param>
    public static Reading<ImmutableHashSet<int>> Parse(string text, string from)
    {
        ImmutableHashSet<int>.Builder cpus = ImmutableHashSet.CreateBuilder<int>();
        foreach (string part in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] ends = part.Split('-');
            if (ends.Length > 2 || !Number(ends[0], out int first) || !Number(ends[^1], out int last) || last < first)
            {
                return Reading.Failed<ImmutableHashSet<int>>($"{from}: '{text}' is not a list of CPUs");
            }

            for (int cpu = first; cpu <= last; cpu++)
            {
                cpus.Add(cpu);
            }
        }

        return Reading.Known(cpus.ToImmutable());
    }

    private static bool Number(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= Most;
}
