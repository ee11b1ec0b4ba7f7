using System.Collections.Immutable;
using OvsOffload.Os;

namespace OvsOffload.Host;

/// <summary>Reads what the last apply wrote down, for the checks.</summary>
internal static class JournalSource
{
    /// <summary>Bytes. A step is three lines of some 300 bytes.</summary>
    private const int Bound = 16 << 20;

    /// <summary>Where the journal of the last apply is: <c>/run/ovs-offload/journal</c>.</summary>
    public static string PathOf(HostPaths paths) => Path.Combine(RunLock.DirectoryOf(paths), "journal");

    /// <summary>The steps, oldest first. Absent: no apply since the boot.</summary>
    public static Reading<ImmutableArray<JournalLine>> Read(HostPaths paths) =>
        paths.Files.Text(PathOf(paths), Bound).Map(text => JournalLine.Parse(text.Split('\n')));
}
