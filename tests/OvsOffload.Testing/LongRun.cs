using System.Globalization;

namespace OvsOffload.Testing;

/// <summary>
/// A run long enough that what grows shows: half an hour, or <c>OVS_OFFLOAD_LONG_MINUTES</c>. <c>tests/run --long</c>
/// runs what has <see cref="Trait"/>.
/// </summary>
internal static class LongRun
{
    /// <summary>The trait <c>Level</c> of its tests.</summary>
    public const string Trait = "long";

    /// <summary>How long it goes on.</summary>
    public static TimeSpan Length => TimeSpan.FromMinutes(double.Parse(
        Environment.GetEnvironmentVariable("OVS_OFFLOAD_LONG_MINUTES") ?? "30", CultureInfo.InvariantCulture));

    /// <summary>
    /// Says the figures, and that none of the last half is far above the greatest of the second quarter: the first is
    /// the warming up.
    /// </summary>
    public static void AssertFlat(IReadOnlyList<ProcessUse> uses)
    {
        foreach (ProcessUse use in uses)
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{use}");
        }

        ProcessUse[] before = [.. uses.Skip(uses.Count / 4).Take(Math.Max(1, uses.Count / 4))];
        ProcessUse[] after = [.. uses.Skip(uses.Count / 2)];
        Assert.NotEmpty(after);
        Assert.InRange(after.Max(use => use.Descriptors), 1, before.Max(use => use.Descriptors) + 8);
        Assert.InRange(after.Max(use => use.Threads), 1, before.Max(use => use.Threads) + 6);
        Assert.InRange(after[^1].ResidentKilobytes, 1, before.Max(use => use.ResidentKilobytes) + 4096);
    }
}

/// <summary>What a process uses at a moment.</summary>
internal sealed record ProcessUse(int Descriptors, int Threads, long ResidentKilobytes)
{
    /// <summary>Reads a line <c>DESCRIPTORS THREADS KILOBYTES</c>.</summary>
    public static ProcessUse Parse(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is
        [var descriptors, var threads, var memory]
        ? new ProcessUse(
            int.Parse(descriptors, CultureInfo.InvariantCulture), int.Parse(threads, CultureInfo.InvariantCulture),
            long.Parse(memory, CultureInfo.InvariantCulture))
        : throw new FormatException($"not three numbers: {line}");

    /// <summary>Of a process of this machine.</summary>
    public static ProcessUse Of(int process)
    {
        string Line(string name) => File.ReadLines($"/proc/{process}/status")
            .Single(line => line.StartsWith(name, StringComparison.Ordinal))
            .Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1];
        return Parse($"{Directory.GetFiles($"/proc/{process}/fd").Length} {Line("Threads:")} {Line("VmRSS:")}");
    }

    public override string ToString() =>
        $"{Descriptors} descriptors, {Threads} threads, {ResidentKilobytes / 1024.0:0.0} MiB";
}
