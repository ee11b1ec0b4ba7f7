#pragma warning disable RS0030 // Whether there is a folder to watch.

namespace OvsOffload.Service;

/// <summary>Says when the configuration's file was changed, replaced or linked anew.</summary>
internal static class ConfigurationWatch
{
    /// <summary>
    /// What the file holds now. Asked for before the configuration is read, so that a change between that and the first
    /// look at the file is seen.
    /// </summary>
    public static Dictionary<string, byte[]> Content(string file) => FileWatch.Contents([file]);

    /// <summary>
    /// Follows the file's directory; without one there is nothing to follow, and SIGHUP alone reloads.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="known">What <see cref="Content"/> said before the configuration in force was read.</param>
    /// <param name="changed">Called when its content is another than before.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Ends it.</param>
    public static Task RunAsync(
        string file, Dictionary<string, byte[]> known, Action changed, TimeProvider time,
        CancellationToken cancellation) =>
        Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(file)))
            ? FileWatch.RunAsync(() => [file], renew: null, known, changed, time, cancellation)
            : Task.CompletedTask;
}
