using OvsOffload.Intent.Configuration;

#pragma warning disable RS0030 // Times and sizes of its own files, links followed.

namespace OvsOffload.Service;

/// <summary>
/// The web configuration in force. Asked at each connection and request, it looks whether its files have changed, at
/// most once a second, and takes a new one over whole, or keeps the one before when the new one is wrong. Safe for
/// concurrent use.
/// </summary>
internal sealed class WebAccessStore
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly string? _file;
    private readonly ServiceLog _log;
    private readonly TimeProvider _time;
    private WebAccess _current;
    private string _stamps = "";
    private long _looked;

    /// <summary>Reads it for the first time.</summary>
    /// <param name="file">The file; null for plain HTTP for everybody.</param>
    /// <param name="log">Told of changes, and what is wrong with them.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="ConfigurationException">It is wrong.</exception>
    public WebAccessStore(string? file, ServiceLog log, TimeProvider time)
    {
        (_file, _log, _time) = (file, log, time);
        _looked = time.GetTimestamp();
        _current = file is null ? WebAccess.Open : WebAccess.Read(file);
        _stamps = Stamps(_current);
        HasTls = _current.Certificate is not null;
    }

    /// <summary>Whether connections are TLS, which is settled when it is made.</summary>
    public bool HasTls { get; }

    /// <summary>What is in force.</summary>
    public WebAccess Current
    {
        get
        {
            lock (_lock)
            {
                if (_file is not null && _time.GetElapsedTime(_looked) >= Interval)
                {
                    Check(_file);
                    _looked = _time.GetTimestamp();
                }

                return _current;
            }
        }
    }

    private void Check(string file)
    {
        string stamps = Stamps(_current);
        if (stamps == _stamps)
        {
            return;
        }

        string[] before = [.. _current.Files()];
        try
        {
            var read = WebAccess.Read(file);
            if (read.Certificate is not null != HasTls)
            {
                _log(
                    LogPriority.Error,
                    $"{file} switches TLS {(HasTls ? "off" : "on")}, which needs a restart of the service; the "
                        + "previous web configuration stays active");
            }
            else
            {
                _current = read;
                _log(LogPriority.Notice, $"loaded {file}");
            }
        }
        catch (ConfigurationException failure)
        {
            foreach (ConfigurationError error in failure.Errors)
            {
                _log(LogPriority.Error, error.ToString());
            }

            _log(LogPriority.Error, $"{file} is invalid; the previous web configuration stays active");
        }

        // What was there before it was read: a change meanwhile is seen the next time. A broken file is said once.
        _stamps = before.SequenceEqual(_current.Files()) ? stamps : Stamps(_current);
    }

    /// <summary>Times and sizes of all files, links followed: equal texts mean that none was changed.</summary>
    private string Stamps(WebAccess access) => string.Join('\n', access.Files().Prepend(_file).Select(Stamp));

    private static string Stamp(string? path)
    {
        try
        {
            var file = new FileInfo(path ?? "");
            FileInfo final = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
            return $"{final.FullName} {final.LastWriteTimeUtc.Ticks} {(final.Exists ? final.Length : -1)}";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return failure.Message;
        }
    }
}
