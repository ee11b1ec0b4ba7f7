using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using OvsOffload.Netlink;
using OvsOffload.Os;

namespace OvsOffload.Bundles;

/// <summary>
/// A recording as the files of an archive: <c>manifest.json</c>; <c>files.jsonl</c>, a reading a line, contents above
/// <see cref="InLine"/> bytes below <c>files/</c> under their own names; <c>netlink.jsonl</c>, an exchange a line;
/// <c>switch.jsonl</c>, an answer of Open vSwitch a line.
/// </summary>
internal static class BundleFormat
{
    public const string Manifest = "manifest.json", Files = "files.jsonl";
    public const string Netlink = "netlink.jsonl", Switch = "switch.jsonl";

    /// <summary>Where the contents of long files are.</summary>
    public const string Contents = "files";

    /// <summary>Bytes of content that stand in the line itself.</summary>
    public const int InLine = 4096;

    /// <summary>Why most of what is absent is.</summary>
    private static readonly string NoSuchFile = Errno.ENOENT.Describe();

    private static readonly FileRead[] Kinds = Enum.GetValues<FileRead>();

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The files of a recording.</summary>
    public static ImmutableArray<TarMember> Write(Recording recording)
    {
        ImmutableArray<TarMember>.Builder members = ImmutableArray.CreateBuilder<TarMember>();
        var apart = new List<TarMember>();
        byte[] files = Lines(recording.Files, (writer, file) => Write(writer, file, apart));
        members.Add(new TarMember(Manifest, Document(writer => Write(writer, recording))));
        members.Add(new TarMember(Files, files));
        members.Add(new TarMember(Netlink, Lines(recording.Netlink, Write)));
        members.Add(new TarMember(Switch, Lines(recording.Switch, Write)));
        members.AddRange(apart);
        return members.ToImmutable();
    }

    /// <summary>The recording that files hold.</summary>
    /// <exception cref="BundleException">Something is missing, too much, or not as it is written.</exception>
    public static Recording Read(IReadOnlyDictionary<string, byte[]> members)
    {
        BundleManifest manifest = BundleLines.One(Of(Manifest), Manifest, ReadManifest);
        var apart = new HashSet<string>();
        var recording = new Recording
        {
            Manifest = manifest,
            Files = BundleLines.All(Of(Files), Files, line => ReadFile(line, members, apart)),
            Netlink = BundleLines.All(Of(Netlink), Netlink, ReadExchange),
            Switch = BundleLines.All(Of(Switch), Switch, ReadAnswer),
        };
        if (members.Keys.FirstOrDefault(name =>
            name is not (Manifest or Files or Netlink or Switch) && !apart.Contains(name)) is { } stranger)
        {
            throw new BundleException($"unexpected file {TarArchive.Quoted(stranger)}, not listed in {Files}");
        }

        return recording;

        ReadOnlyMemory<byte> Of(string name) => members.TryGetValue(name, out byte[]? content)
            ? content
            : throw new BundleException($"not a support bundle: no {name}");
    }

    private static void Write(Utf8JsonWriter writer, Recording recording)
    {
        BundleManifest manifest = recording.Manifest;
        writer.WriteNumber("schema", BundleManifest.CurrentSchema);
        writer.WriteString("version", manifest.Version);
        writer.WriteString("host", manifest.Host);
        writer.WriteString("kernel", manifest.Kernel);
        writer.WriteString("time", manifest.Time);
        writer.WriteBoolean("masked", manifest.Masked);
        writer.WriteString("configuration", manifest.Configuration);
        writer.WriteNumber("process", manifest.Process);
        writer.WriteStrings("unreadable", BundleContents.Unreadable(recording));
    }

    private static BundleManifest ReadManifest(BundleLine line) =>
        line.Number("schema") == BundleManifest.CurrentSchema
        ? new BundleManifest
        {
            Version = line.Text("version"),
            Host = line.Text("host"),
            Kernel = line.Text("kernel"),
            Time = line.Time("time"),
            Masked = line.Flag("masked"),
            Configuration = Rooted(line, line.Text("configuration")),
            Process = line.Number("process"),
        }
        : throw line.Error($"schema {line.Number("schema")} is not supported (supported: "
            + $"{BundleManifest.CurrentSchema})");

    private static void Write(Utf8JsonWriter writer, FileRecord file, List<TarMember> apart)
    {
        writer.WriteString("read", Word(file.Read));
        writer.WriteString("path", file.Path);
        if (file.Outcome != ReadingOutcome.Known)
        {
            writer.WriteString(file.Outcome == ReadingOutcome.Absent ? "absent" : "failed", file.Why);
            return;
        }

        if (!file.StartsAtBeginning)
        {
            writer.WriteBoolean("whole", false);
        }

        string name = Contents + file.Path;
        if (file.Content.Length > InLine && name.Length < TarArchive.LongestName && Ascii.IsValid(name)
            && TarArchive.IsSafeName(name) && apart.Count < TarArchive.MaxMembers / 2
            && apart.All(one => one.Name != name))
        {
            apart.Add(new TarMember(name, file.Content));
            writer.WriteString("member", name);
        }
        else if (file.Text is { } text)
        {
            writer.WriteString("text", text);
        }
        else
        {
            writer.WriteBase64String("base64", file.Content);
        }
    }

    private static FileRecord ReadFile(
        BundleLine line, IReadOnlyDictionary<string, byte[]> members, HashSet<string> apart)
    {
        // A bundle has ten thousand of these lines: a record is made once, and not changed part by part.
        FileRead read = ReadKind(line);
        string path = Rooted(line, line.Text("path"));
        if (line.TryText("absent", NoSuchFile) is { } absent)
        {
            return new FileRecord(read, path) { Outcome = ReadingOutcome.Absent, Why = absent };
        }

        if (line.TryText("failed") is { } failed)
        {
            return new FileRecord(read, path) { Outcome = ReadingOutcome.Failed, Why = failed };
        }

        bool whole = line.TryFlag("whole") ?? true;
        if (line.TryUtf8("text") is { } text)
        {
            return new FileRecord(read, path) { StartsAtBeginning = whole, Content = text };
        }

        if (line.TryText("member") is not { } name)
        {
            return new FileRecord(read, path) { StartsAtBeginning = whole, Content = line.Base64("base64") };
        }

        if (!members.TryGetValue(name, out byte[]? content) || !apart.Add(name))
        {
            throw line.Error($"{TarArchive.Quoted(name)} is missing from the archive or listed twice");
        }

        return new FileRecord(read, path) { StartsAtBeginning = whole, Content = content };
    }

    private static FileRead ReadKind(BundleLine line)
    {
        foreach (FileRead kind in Kinds)
        {
            if (line.Is("read", Word(kind)))
            {
                return kind;
            }
        }

        throw line.Error($"read: {line.Text("read")}");
    }

    private static void Write(Utf8JsonWriter writer, NetlinkRecord exchange)
    {
        writer.WriteString("protocol", Word(exchange.Protocol));
        if (exchange.NetworkNamespace is { } other)
        {
            writer.WriteString("namespace", other);
        }

        writer.WriteString("operation", exchange.Operation);
        writer.WriteString("object", exchange.ObjectName);
        writer.WriteBase64String("request", exchange.Request);
        writer.WriteBase64String("reply", exchange.Reply);
        if (exchange.Failure != Errno.None)
        {
            writer.WriteNumber("errno", (int)exchange.Failure);
        }

        if (exchange.IsOmitted)
        {
            writer.WriteBoolean("left_out", true);
        }
    }

    private static NetlinkRecord ReadExchange(BundleLine line) => new(
        line.Text("protocol") switch
        {
            "route" => NetlinkProtocol.Route,
            "generic" => NetlinkProtocol.Generic,
            "rdma" => NetlinkProtocol.Rdma,
            "xfrm" => NetlinkProtocol.Ipsec,
            var other => throw line.Error($"protocol: {other}"),
        },
        line.TryText("namespace"),
        line.Text("operation"),
        line.Text("object"),
        line.Base64("request"),
        line.Base64("reply"))
    {
        Failure = (Errno)(line.TryNumber("errno") ?? 0),
        IsOmitted = line.TryFlag("left_out") ?? false,
    };

    private static void Write(Utf8JsonWriter writer, SwitchRecord answer)
    {
        writer.WriteString("command", answer.Command);
        foreach ((string name, string? value) in new[]
            { ("answer", answer.Answer), ("refusal", answer.Refusal), ("failure", answer.Failure) })
        {
            if (value is not null)
            {
                writer.WriteString(name, value);
            }
        }
    }

    private static SwitchRecord ReadAnswer(BundleLine line) => new(line.Text("command"))
    {
        Answer = line.TryText("answer"),
        Refusal = line.TryText("refusal"),
        Failure = line.TryText("failure"),
    };

    private static string Rooted(BundleLine line, string path) =>
        path.StartsWith('/') && !path.Contains("/../", StringComparison.Ordinal)
            && !path.EndsWith("/..", StringComparison.Ordinal)
            ? path
            : throw line.Error($"invalid path {TarArchive.Quoted(path)}");

    private static string Word(FileRead read) => read switch
    {
        FileRead.Tail => "tail",
        FileRead.Ring => "ring",
        FileRead.Link => "link",
        FileRead.Names => "names",
        _ => "bytes",
    };

    private static string Word(NetlinkProtocol protocol) => protocol switch
    {
        NetlinkProtocol.Route => "route",
        NetlinkProtocol.Rdma => "rdma",
        NetlinkProtocol.Ipsec => "xfrm",
        _ => "generic",
    };

    private static byte[] Document(Action<Utf8JsonWriter> members)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Options with { Indented = true }))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    private static byte[] Lines<T>(ImmutableArray<T> items, Action<Utf8JsonWriter, T> members)
    {
        using var stream = new MemoryStream();
        using var writer = new Utf8JsonWriter(stream, Options);
        foreach (T item in items)
        {
            writer.WriteStartObject();
            members(writer, item);
            writer.WriteEndObject();
            writer.Flush();
            stream.WriteByte((byte)'\n');
            writer.Reset();
        }

        return stream.ToArray();
    }
}
