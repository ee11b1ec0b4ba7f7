using OvsOffload.Os;


#pragma warning disable RS0030 // The one watch of files.

namespace OvsOffload.Service;

/// <summary>Says when files were changed, replaced or linked anew.</summary>
internal static class FileWatch
{
    /// <summary>An editor writes a file in several steps.</summary>
    private static readonly ChangeOptions Batching = new()
    {
        Quiet = TimeSpan.FromMilliseconds(500),
        Longest = TimeSpan.FromSeconds(5),
    };

    /// <summary>Follows the files' directories, as far as they are there.</summary>
    /// <param name="files">
    /// The files, there or not; asked again with each change. A directory among them is followed itself.
    /// </param>
    /// <param name="renew">
    /// After so long they are looked at without a change too: a directory may have come. Null for never.
    /// </param>
    /// <param name="known">
    /// What the files held when the caller read them, for files that change before they are followed; null for what
    /// they hold now.
    /// </param>
    /// <param name="changed">Called when the content of one is another than before.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="IOException">The kernel allows no more watches (fs.inotify.max_user_instances).</exception>
    public static async Task RunAsync(
        Func<IReadOnlyList<string>> files, TimeSpan? renew, Dictionary<string, byte[]>? known, Action changed,
        TimeProvider time, CancellationToken cancellation)
    {
        var signal = new ChangeSignal(Batching, time);
        var watchers = new Dictionary<string, FileSystemWatcher>();
        try
        {
            IReadOnlyList<string> now = files();
            Follow(now, watchers, signal);
            Dictionary<string, byte[]> before = known ?? Contents(now);
            if (known is not null)
            {
                signal.Raise("followed from now on");
            }

            await foreach (string? _ in signal.ReadAllAsync(renew, cancellation))
            {
                now = files();
                Follow(now, watchers, signal);
                Dictionary<string, byte[]> contents = Contents(now);
                if (!Same(before, contents))
                {
                    before = contents;
                    changed();
                }
            }
        }
        finally
        {
            foreach (FileSystemWatcher watcher in watchers.Values)
            {
                watcher.Dispose();
            }
        }
    }

    /// <summary>
    /// The contents of those that could be read; what cannot be read its reader will say.
    /// </summary>
    public static Dictionary<string, byte[]> Contents(IReadOnlyList<string> files)
    {
        var contents = new Dictionary<string, byte[]>();
        foreach (string file in files)
        {
            if (LiveFiles.Instance.Bytes(file).TryGet(out byte[]? content))
            {
                contents[file] = content;
            }
        }

        return contents;
    }

    private static void Follow(
        IReadOnlyList<string> files, Dictionary<string, FileSystemWatcher> watchers, ChangeSignal signal)
    {
        HashSet<string> folders =
        [
            .. files.Select(file => Directory.Exists(file) ? file : Path.GetDirectoryName(Path.GetFullPath(file))!)
                .Where(Directory.Exists),
        ];
        foreach (string gone in watchers.Keys.Where(folder => !folders.Contains(folder)).ToList())
        {
            watchers.Remove(gone, out FileSystemWatcher? watcher);
            watcher?.Dispose();
        }

        foreach (string folder in folders.Where(folder => !watchers.ContainsKey(folder)))
        {
            var watcher = new FileSystemWatcher(folder);

            // All names: a container's file is a link to a link in the same directory, which alone is replaced.
            watcher.Changed += (_, _) => signal.Raise("written");
            watcher.Created += (_, _) => signal.Raise("created");
            watcher.Deleted += (_, _) => signal.Raise("deleted");
            watcher.Renamed += (_, _) => signal.Raise("renamed");
            watcher.Error += (_, _) => signal.Raise("events were lost");
            watcher.EnableRaisingEvents = true;
            watchers.Add(folder, watcher);
        }
    }

    private static bool Same(Dictionary<string, byte[]> one, Dictionary<string, byte[]> other)
    {
        if (one.Count != other.Count)
        {
            return false;
        }

        foreach ((string file, byte[] content) in one)
        {
            if (!other.TryGetValue(file, out byte[]? now) || !content.AsSpan().SequenceEqual(now))
            {
                return false;
            }
        }

        return true;
    }
}
