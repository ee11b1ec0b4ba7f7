using System.Text;
using OvsOffload.Os;

namespace OvsOffload.Bundles;

/// <summary>Reads files as <paramref name="files"/> does, and takes down what came of each reading.</summary>
/// <param name="files">The host's files.</param>
/// <param name="root">Where the host's trees are; paths are taken down without it.</param>
/// <param name="recorder">Gathers.</param>
internal sealed class RecordingFiles(HostFiles files, string root, Recorder recorder) : HostFiles
{
    /// <inheritdoc/>
    public override Reading<byte[]> Bytes(string path, int bound = DefaultBound) =>
        RecordReading(FileRead.Bytes, path, files.Bytes(path, bound), bytes => bytes);

    /// <inheritdoc/>
    public override Reading<FileTail> Tail(string path, int bound)
    {
        Reading<FileTail> read = files.Tail(path, bound);
        bool whole = !read.TryGet(out FileTail? known) || known.IsWhole;
        Add(Record(FileRead.Tail, path, read, tail => tail.Bytes) with { StartsAtBeginning = whole });
        return read;
    }

    /// <inheritdoc/>
    public override Reading<byte[]> Ring(string path, int bound) =>
        RecordReading(FileRead.Ring, path, files.Ring(path, bound), bytes => bytes);

    /// <inheritdoc/>
    public override Reading<string> Link(string path) =>
        RecordReading(FileRead.Link, path, files.Link(path), Encoding.UTF8.GetBytes);

    /// <inheritdoc/>
    public override Reading<IReadOnlyList<string>> Names(string directory) =>
        RecordReading(
            FileRead.Names, directory, files.Names(directory),
            names => Encoding.UTF8.GetBytes(string.Join('/', names)));

    /// <inheritdoc/>
    public override Reading<(uint Major, uint Minor)> Device(string path) => files.Device(path);

    /// <inheritdoc/>
    public override bool IsDirectory(string path)
    {
        bool there = files.IsDirectory(path);
        if (there)
        {
            Names(path);
        }

        return there;
    }

    /// <summary>A path as it is on the host, without the root of its trees.</summary>
    public static string OnHost(string path, string root) => path.StartsWith(root, StringComparison.Ordinal)
        ? "/" + path[root.Length..].TrimStart('/')
        : path;

    private Reading<T> RecordReading<T>(FileRead kind, string path, Reading<T> read, Func<T, byte[]> content)
    {
        Add(Record(kind, path, read, content));
        return read;
    }

    private void Add(FileRecord file) => recorder.Add(file);

    private FileRecord Record<T>(FileRead kind, string path, Reading<T> read, Func<T, byte[]> content)
    {
        return new FileRecord(kind, OnHost(path, root))
        {
            Outcome = read.Outcome,

            // The path stands before the words, and is another one where the bundle is read.
            Why = read.WhyOf(path),
            Content = read.TryGet(out T? value) ? content(value) : [],
        };
    }
}
