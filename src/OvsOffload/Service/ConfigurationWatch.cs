namespace OvsOffload.Service;

/// <summary>Says when the configuration's file was changed, replaced or linked anew.</summary>
internal static class ConfigurationWatch
{
    /// <summary>An editor writes a file in several steps.</summary>
    private static readonly ChangeOptions Gather = new()
    {
        Quiet = TimeSpan.FromMilliseconds(500),
        Longest = TimeSpan.FromSeconds(5),
    };

    /// <summary>
    /// Follows the file's directory; without one there is nothing to follow, and SIGHUP alone reloads.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="changed">Called when its content is another than before.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task RunAsync(
        string file, Action changed, TimeProvider time, CancellationToken cancellation)
    {
        string? directory = Path.GetDirectoryName(Path.GetFullPath(file));
        if (!Directory.Exists(directory))
        {
            return;
        }

        var signal = new ChangeSignal(Gather, time);
        byte[]? before = Content(file);
        using var watcher = new FileSystemWatcher(directory);

        // All names: a container's file is a link to a link in the same directory, which alone is replaced.
        watcher.Changed += (_, _) => signal.Raise("written");
        watcher.Created += (_, _) => signal.Raise("created");
        watcher.Deleted += (_, _) => signal.Raise("deleted");
        watcher.Renamed += (_, _) => signal.Raise("renamed");
        watcher.Error += (_, _) => signal.Raise("events were lost");
        watcher.EnableRaisingEvents = true;
        while (true)
        {
            await signal.WaitAsync(atMost: null, cancellation);
            byte[]? now = Content(file);
            if (!(now ?? []).AsSpan().SequenceEqual(before) || now is null != before is null)
            {
                before = now;
                changed();
            }
        }
    }

    /// <summary>
    /// The content; null when there is none that could be read, which the reader of the file will say.
    /// </summary>
    private static byte[]? Content(string file)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
