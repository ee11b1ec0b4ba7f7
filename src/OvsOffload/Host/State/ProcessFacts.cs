using OvsOffload.Os;

namespace OvsOffload.Host;

/// <summary>What is known of this program at the moment of a scrape.</summary>
/// <param name="Usage">What it used and uses.</param>
/// <param name="OpenFiles">File descriptors that are open.</param>
/// <param name="MaxFiles">The soft limit of them, RLIMIT_NOFILE.</param>
/// <param name="Started">When it was started.</param>
internal sealed record ProcessFacts(
    Reading<ProcessUsage> Usage, Reading<int> OpenFiles, Reading<long> MaxFiles, Reading<DateTimeOffset> Started);
