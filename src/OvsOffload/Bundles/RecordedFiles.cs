using System.Collections.Immutable;
using System.Text;
using OvsOffload.Os;

namespace OvsOffload.Bundles;

/// <summary>
/// Files as a bundle recorded them. What nobody read when the bundle was made is not known to be absent: its reading
/// fails. Immutable.
/// </summary>
internal sealed class RecordedFiles : HostFiles
{
    private readonly Dictionary<(FileRead, string), FileRecord> _files;

    public RecordedFiles(ImmutableArray<FileRecord> files)
    {
        _files = new Dictionary<(FileRead, string), FileRecord>(files.Length);
        foreach (FileRecord file in files)
        {
            _files.TryAdd((file.Read, file.Path), file);
        }
    }

    /// <inheritdoc/>
    public override Reading<byte[]> Bytes(string path, int bound = DefaultBound) =>
        Bounded(FileRead.Bytes, path, bound);

    /// <inheritdoc/>
    public override Reading<FileTail> Tail(string path, int bound) =>
        Read(FileRead.Tail, path).Map(file => new FileTail(file.Content, file.StartsAtBeginning));

    /// <inheritdoc/>
    public override Reading<byte[]> Ring(string path, int bound) => Bounded(FileRead.Ring, path, bound);

    /// <inheritdoc/>
    public override Reading<string> Link(string path) =>
        Read(FileRead.Link, path).Map(file => Encoding.UTF8.GetString(file.Content));

    /// <inheritdoc/>
    public override Reading<IReadOnlyList<string>> Names(string directory) =>
        Read(FileRead.Names, directory).Map<IReadOnlyList<string>>(file => file.Content.Length == 0
            ? []
            : Encoding.UTF8.GetString(file.Content).Split('/'));

    /// <inheritdoc/>
    public override bool IsDirectory(string path) =>
        _files.TryGetValue((FileRead.Names, path), out FileRecord? file) && file.Outcome == ReadingOutcome.Known;

    private Reading<byte[]> Bounded(FileRead kind, string path, int bound)
    {
        Reading<FileRecord> read = Read(kind, path);
        return !read.TryGet(out FileRecord? file) ? read.Without<byte[]>()
            : file.Content.Length <= bound ? Reading.Known(file.Content)
            : Reading.Failed<byte[]>($"{path}: longer than {bound} bytes");
    }

    private Reading<FileRecord> Read(FileRead kind, string path) =>
        !_files.TryGetValue((kind, path), out FileRecord? file)
            ? Reading.Failed<FileRecord>($"{path}: not in the bundle")
            : file.Outcome switch
            {
                ReadingOutcome.Known => Reading.Known(file),
                ReadingOutcome.Absent => Reading.Absent<FileRecord>($"{path}: {file.Why}"),
                _ => Reading.Failed<FileRecord>($"{path}: {file.Why}"),
            };
}
