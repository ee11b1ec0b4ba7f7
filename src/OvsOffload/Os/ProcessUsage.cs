using System.Globalization;

namespace OvsOffload.Os;

/// <summary>What a process uses, from <c>/proc/PID/stat</c> (proc_pid_stat(5)).</summary>
/// <param name="Cpu">CPU time, user and system, of all its threads.</param>
/// <param name="Started">When it was started, after the machine was.</param>
/// <param name="VirtualBytes">Its address space.</param>
/// <param name="ResidentBytes">What of it is in RAM.</param>
internal readonly record struct ProcessUsage(TimeSpan Cpu, TimeSpan Started, long VirtualBytes, long ResidentBytes)
{
    /// <summary>USER_HZ, include/asm-generic/param.h: the ticks of procfs, 100 a second on x86-64 and arm64.</summary>
    private const int TicksPerSecond = 100;

    /// <summary>Places after the name, which is field 2: utime is field 14, stime 15, starttime 22, vsize 23,
    /// rss 24.</summary>
    private const int UserTime = 11, SystemTime = 12, StartTime = 19, VirtualSize = 20, ResidentPages = 21;

    /// <summary>Reads the text of the file; null when it is not of that form.</summary>
    public static ProcessUsage? Parse(string stat)
    {
        // The name stands in parentheses and may hold anything, parentheses and spaces among it.
        string[] fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > ResidentPages
            && Number(UserTime) is { } user && Number(SystemTime) is { } system && Number(StartTime) is { } start
            && Number(VirtualSize) is { } size && Number(ResidentPages) is { } pages
            ? new ProcessUsage(Ticks(user + system), Ticks(start), size, pages * Environment.SystemPageSize)
            : null;

        long? Number(int field) =>
            long.TryParse(fields[field], NumberStyles.None, CultureInfo.InvariantCulture, out long number)
                ? number
                : null;
    }

    private static TimeSpan Ticks(long count) => TimeSpan.FromTicks(count * (TimeSpan.TicksPerSecond / TicksPerSecond));
}
