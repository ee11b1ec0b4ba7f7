using System.Text;
using Microsoft.Win32.SafeHandles;

namespace OvsOffload.Os;

/// <summary>
/// Goes a path name by name from a root, so that nobody but root decides which file a name leads to. A symbolic link is
/// followed only where it and every directory on the way to it belong to root (or to the user who runs this program),
/// and nobody else may write there; otherwise at no place of the path. A sticky directory such as <c>/tmp</c> is one
/// where others may write. A read-only mount is none, whatever its modes are: the volume of a Kubernetes ConfigMap has
/// mode 0777 (pkg/volume/emptydir) and consists of links. The root itself is taken as it was named. Absolute links and
/// <c>..</c> stay below it.
/// </summary>
internal sealed class PathWalk : IDisposable
{
    /// <summary>MAXSYMLINKS, linux/namei.h.</summary>
    private const int MaxLinks = 40;

    /// <summary>PATH_MAX, linux/limits.h.</summary>
    public const int LongestTarget = 4096;

    private readonly uint _user = LibC.EffectiveUser();
    private readonly string _path;
    private readonly string _root;
    private readonly Stack<Folder> _folders = new();
    private readonly Stack<string> _ahead = new();
    private SafeFileHandle? _last;
    private int _links;

    private PathWalk(string root, string path)
    {
        _path = path;
        _root = HostFile.IsBelow(root, path) ? root : "";
        Push(path[_root.Length..]);
    }

    private sealed record Folder(SafeFileHandle Place, string Name, bool IsOwned);

    /// <summary>Where the file is; of a file that is not there where it would be.</summary>
    public SafeFileHandle Parent => _folders.Peek().Place;

    /// <summary>Its name there; <c>.</c> of the directory itself.</summary>
    public string Name { get; private set; } = ".";

    /// <summary>What it is; null where there is none.</summary>
    public LibC.FileStatus? Status { get; private set; }

    /// <summary>Hands the file itself over, for what can be asked without opening it; null where there is
    /// none.</summary>
    public SafeFileHandle? TakePath()
    {
        SafeFileHandle? place = _last;
        _last = null;
        return place;
    }

    /// <summary>Its path without links.</summary>
    public string RealPath =>
        Path.Combine([_root.Length == 0 ? "/" : _root, .. _folders.Reverse().Skip(1).Select(one => one.Name), Name]);

    /// <summary>Goes a path.</summary>
    /// <param name="root">Where it begins: an existing directory, without a slash at its end; empty for
    /// <c>/</c>.</param>
    /// <param name="path">An absolute path. One that is not below the root begins at <c>/</c>.</param>
    /// <param name="followLast">Whether a link at its end is followed.</param>
    /// <returns>Where it leads, for the caller to dispose. Absent where a directory on the way is not there; failed
    /// where one may not be searched or a link not be followed.</returns>
    public static Reading<PathWalk> To(string root, string path, bool followLast = true)
    {
        var walk = new PathWalk(root, path);
        Reading<PathWalk> reached = walk.Go(followLast);
        if (!reached.IsKnown)
        {
            walk.Dispose();
        }

        return reached;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _last?.Dispose();
        foreach (Folder folder in _folders)
        {
            folder.Place.Dispose();
        }
    }

    private Reading<PathWalk> Go(bool followLast)
    {
        int root = LibC.OpenPath(_root.Length == 0 ? "/" : _root, followLast: true);
        if (root < 0)
        {
            return HostFile.FromErrno<PathWalk>(_path, LibC.LastError);
        }

        _folders.Push(new Folder(new SafeFileHandle(root, ownsHandle: true), "", IsOwned: true));
        while (_ahead.TryPop(out string? name))
        {
            if (name is "" or ".")
            {
                continue;
            }

            if (name == "..")
            {
                GoUp();
                continue;
            }

            if (Step(name, followLast) is { } why)
            {
                return why;
            }
        }

        if (_last is null && Name == ".")
        {
            // The path ended with the directory that it had come to.
            _last = new SafeFileHandle(LibC.OpenPath(Parent, "."), ownsHandle: true);
            Status = LibC.StatusOf(_last, out LibC.FileStatus status) == 0 ? status : null;
        }

        return Reading.Known(this);
    }

    /// <summary>One name further; why not, or null.</summary>
    private Reading<PathWalk>? Step(string name, bool followLast)
    {
        bool isLast = _ahead.All(one => one is "" or ".");
        int descriptor = LibC.OpenPath(Parent, name);
        if (descriptor < 0)
        {
            Errno errno = LibC.LastError;
            if (isLast && errno == Errno.ENOENT)
            {
                Name = name;
                return null;
            }

            return HostFile.FromErrno<PathWalk>(_path, errno);
        }

        var place = new SafeFileHandle(descriptor, ownsHandle: true);
        if (LibC.StatusOf(place, out LibC.FileStatus status) != 0)
        {
            place.Dispose();
            return HostFile.FromErrno<PathWalk>(_path, LibC.LastError);
        }

        if (status.IsLink() && (followLast || !isLast))
        {
            using (place)
            {
                return Follow(place, name, status);
            }
        }

        if (isLast)
        {
            (Name, Status, _last) = (name, status, place);
            return null;
        }

        if (!status.IsDirectory())
        {
            place.Dispose();
            return HostFile.FromErrno<PathWalk>(_path, Errno.ENOTDIR);
        }

        _folders.Push(new Folder(place, name, _folders.Peek().IsOwned && IsOwned(place, status)));
        return null;
    }

    private Reading<PathWalk>? Follow(SafeFileHandle link, string name, LibC.FileStatus status)
    {
        if (++_links > MaxLinks)
        {
            return HostFile.FromErrno<PathWalk>(_path, Errno.ELOOP);
        }

        if (!_folders.Peek().IsOwned || !IsTrusted(status.User))
        {
            Name = name;
            return Reading.Failed<PathWalk>(
                $"{_path}: {RealPath} is a symbolic link that users other than root can change, so it is not "
                + "followed; replace it with a regular file");
        }

        Reading<string> target = Target(link, _path);
        if (!target.TryGet(out string? text))
        {
            return target.Map<PathWalk>(_ => this);
        }

        // Of a descriptor in procfs that is open for something without a path (/dev/stdin, /dev/fd/63).
        if (text.EndsWith(']') && text.Contains(":[", StringComparison.Ordinal))
        {
            return Reading.Failed<PathWalk>($"{_path}: is {text}, not a regular file");
        }

        while (text.StartsWith('/') && _folders.Count > 1)
        {
            GoUp();
        }

        Push(text);
        return null;
    }

    /// <summary>What an open link says.</summary>
    public static Reading<string> Target(SafeFileHandle link, string path)
    {
        Span<byte> text = stackalloc byte[LongestTarget];
        int length = LibC.ReadLink(link, text);
        return length < 0
            ? HostFile.FromErrno<string>(path, LibC.LastError)
            : Reading.Known(Encoding.UTF8.GetString(text[..length]));
    }

    private void GoUp()
    {
        if (_folders.Count > 1)
        {
            _folders.Pop().Place.Dispose();
        }
    }

    private void Push(string path)
    {
        foreach (string name in path.Split('/').Reverse())
        {
            _ahead.Push(name);
        }
    }

    private bool IsOwned(SafeFileHandle folder, LibC.FileStatus status) =>
        IsTrusted(status.User)
        && (!status.IsWritableByOthers()
            || (LibC.FileSystemOf(folder, out LibC.FileSystemStatus system) == 0 && system.IsReadOnly));

    private bool IsTrusted(uint user) => user == 0 || user == _user;
}
