using OvsOffload.Os;


namespace OvsOffload.Bundles;

/// <summary>Gathers what is read of a host, within a bound. Safe for concurrent use.</summary>
/// <param name="bound">Bytes of content over all.</param>
internal sealed class Recorder(long bound = Recorder.DefaultBound)
{
    /// <summary>Bytes. A host with 254 VFs comes to 4 MB, its logs included.</summary>
    public const long DefaultBound = 40L << 20;

    /// <summary>Bytes of one answer or file. A dump of 20000 tc filters takes some 10 MB.</summary>
    public const int PartBound = 12 << 20;

    private readonly Lock _lock = new();
    private readonly Dictionary<(FileRead, string), FileRecord> _byPath = [];
    private readonly List<FileRecord> _files = [];
    private readonly List<NetlinkRecord> _netlink = [];
    private readonly List<SwitchRecord> _switch = [];
    private long _taken;

    /// <summary>Takes a file in; what was read of the same file before stays.</summary>
    public void Add(FileRecord file)
    {
        lock (_lock)
        {
            if (_byPath.ContainsKey((file.Read, file.Path)))
            {
                return;
            }

            FileRecord kept = Fits(file.Content.Length)
                ? file
                : new FileRecord(file.Read, file.Path)
                {
                    Outcome = ReadingOutcome.Failed,
                    Why = $"{file.Content.Length} bytes, omitted from the bundle",
                };
            _byPath.Add((file.Read, file.Path), kept);
            _files.Add(kept);
        }
    }

    /// <summary>Takes an exchange in.</summary>
    public void Add(NetlinkRecord exchange)
    {
        lock (_lock)
        {
            _netlink.Add(Fits(exchange.Reply.Length) ? exchange : exchange with { Reply = [], IsOmitted = true });
        }
    }

    /// <summary>Takes an answer of Open vSwitch in.</summary>
    public void Add(SwitchRecord answer)
    {
        lock (_lock)
        {
            _switch.Add(answer.Answer is null || Fits(2L * answer.Answer.Length)
                ? answer
                : answer with { Answer = null, Failure = "the reply is too long for the bundle" });
        }
    }

    /// <summary>All that was gathered.</summary>
    public Recording Build(BundleManifest manifest)
    {
        lock (_lock)
        {
            return new Recording
            {
                Manifest = manifest,
                Files = [.. _files],
                Netlink = [.. _netlink],
                Switch = [.. _switch],
            };
        }
    }

    private bool Fits(long bytes)
    {
        if (bytes > PartBound || _taken + bytes > bound)
        {
            return false;
        }

        _taken += bytes;
        return true;
    }
}
