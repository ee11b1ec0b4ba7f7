using System.Collections.Immutable;
using OvsOffload.System;
using OvsOffload.Verifying;

namespace OvsOffload.Applying;

/// <summary>Reads what the last apply wrote down, for the checks.</summary>
internal static class JournalSource
{
    /// <summary>The steps, oldest first. Absent: no apply since the boot.</summary>
    public static Reading<ImmutableArray<JournalLine>> Read(HostPaths paths)
    {
        string journal = FileJournal.PathOf(paths);
        return HostFile.Try(journal, () => Reading.Known(JournalLine.Parse(File.ReadLines(journal))));
    }
}
