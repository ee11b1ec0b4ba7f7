using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using CsCheck;
using OvsOffload.Bundles;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Tests.Fixtures;
using OvsOffload.Verifying;

namespace OvsOffload.Tests.Bundles;

/// <summary>A bundle is a stranger's file: it is refused with one clear error, or read; never more than that.</summary>
public sealed class HostileBundleTests : IDisposable
{
    private readonly FixtureHost _host = new(ConnectX6DxHost.Describe(ports: 1, vfs: 2, logLines: 5));

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task A_bundle_that_is_cut_anywhere_is_refused()
    {
        byte[] bundle = await _host.BundleAsync(masked: true);

        for (int length = 0; length < bundle.Length; length += length < 200 || length > bundle.Length - 200 ? 1 : 97)
        {
            Refused(bundle[..length]);
        }
    }

    [Fact]
    public async Task An_archive_that_is_cut_anywhere_is_refused()
    {
        byte[] archive = Unpacked(await _host.BundleAsync(masked: true));
        int end = archive.AsSpan().LastIndexOfAnyExcept((byte)0) + 1;

        for (int length = 0; length < end; length += length < 3000 ? 1 : 509)
        {
            Refused(Packed(archive[..length]));
        }
    }

    [Fact]
    public async Task Bytes_that_were_changed_are_refused_or_examined_to_the_end() =>
        await Damage.Of(Unpacked(await _host.BundleAsync(masked: true)), most: 4, keepsLength: true)
            .CheckAsync(150, archive => RefusedOrExaminedAsync(Packed(archive)));

    [Fact]
    public async Task Lines_that_are_swapped_doubled_or_missing_are_refused_or_examined_to_the_end()
    {
        Recording recording = await _host.RecordAsync(masked: true);
        (int files, int netlink, int answers) =
            (recording.Files.Length, recording.Netlink.Length, recording.Switch.Length);
        await Gen.Select(
            Gen.Select(Gen.Int[0, files - 1], Gen.Int[0, files - 1]).Array[0, files / 10],
            Gen.Select(Gen.Int[0, netlink - 1], Gen.Int[0, netlink - 1]).Array[0, netlink / 3],
            Gen.Int[0, netlink - 1].Array[0, netlink / 5],
            Gen.Select(Gen.Int[0, answers - 1], Gen.UInt).Array[0, answers / 3])
            .SampleAsync(async (swappedFiles, swappedReplies, missing, cuts) =>
            {
                FileRecord[] changedFiles = [.. recording.Files];
                foreach ((int at, int from) in swappedFiles)
                {
                    changedFiles[at] = changedFiles[at] with { Content = recording.Files[from].Content };
                }

                NetlinkRecord[] changedNetlink = [.. recording.Netlink];
                foreach ((int at, int from) in swappedReplies)
                {
                    changedNetlink[at] = changedNetlink[at] with { Reply = recording.Netlink[from].Reply };
                }

                SwitchRecord[] changedAnswers = [.. recording.Switch];
                foreach ((int at, uint length) in cuts)
                {
                    string? answer = changedAnswers[at].Answer;
                    changedAnswers[at] =
                        changedAnswers[at] with { Answer = answer?[..(int)(length % (answer.Length + 1))] };
                }

                using var stream = new MemoryStream();
                BundleFile.Write(stream, recording with
                {
                    Files = [.. changedFiles],
                    Netlink = [.. changedNetlink.Where((_, at) => !missing.Contains(at))],
                    Switch = [.. changedAnswers],
                });

                await RefusedOrExaminedAsync(stream.ToArray());
            }, iter: Damage.Rounds(150));
    }

    [Theory]
    [InlineData("../../etc/cron.d/x")]
    [InlineData("files/../../x")]
    [InlineData("/etc/passwd")]
    [InlineData("files//x")]
    [InlineData("./manifest.json")]
    public void A_name_that_leaves_the_directory_is_refused(string name) =>
        Assert.Contains(name, Refused(Archive(writer => Add(writer, name, "x"))), StringComparison.Ordinal);

    [Theory]
    [InlineData(TarEntryType.SymbolicLink, "symbolic link")]
    [InlineData(TarEntryType.HardLink, "hard link")]
    [InlineData(TarEntryType.CharacterDevice, "device")]
    [InlineData(TarEntryType.BlockDevice, "device")]
    [InlineData(TarEntryType.Fifo, "pipe")]
    [InlineData(TarEntryType.Directory, "directory")]
    public void An_archive_entry_that_is_not_a_file_is_refused(TarEntryType type, string word)
    {
        string message = Refused(Archive(writer =>
        {
            var entry = new UstarTarEntry(type, "files/x");
            if (type is TarEntryType.SymbolicLink or TarEntryType.HardLink)
            {
                entry.LinkName = "/etc/passwd";
            }

            writer.WriteEntry(entry);
        }));

        Assert.Contains(word, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_there_twice_is_refused() => Assert.Contains("twice", Refused(Archive(writer =>
    {
        Add(writer, "manifest.json", "{}");
        Add(writer, "manifest.json", "{}");
    })), StringComparison.Ordinal);

    [Fact]
    public async Task A_file_that_no_line_names_is_refused()
    {
        byte[] archive = Unpacked(await _host.BundleAsync(masked: true));
        byte[] more = Unpacked(Archive(writer => Add(writer, "files/stranger", "x")));
        int end = (archive.AsSpan().LastIndexOfAnyExcept((byte)0) / 512 + 1) * 512;

        Assert.Contains("stranger", Refused(Packed([.. archive[..end], .. more])), StringComparison.Ordinal);
    }

    [Fact]
    public void A_size_beyond_the_archive_is_refused()
    {
        byte[] archive = Unpacked(Archive(writer => Add(writer, "manifest.json", "{}")));
        "77777777777"u8.CopyTo(archive.AsSpan(124));
        Repair(archive);

        Assert.Contains("truncated in 'manifest.json'", Refused(Packed(archive)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_bomb_is_refused_before_it_fills_the_memory()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 300; i++)
            {
                gzip.Write(zeros);
            }
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        string message = Refused(packed.ToArray());

        Assert.Contains("uncompressed size exceeds 64 MiB", message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 256L << 20);
    }

    [Theory]
    [InlineData("""{"schema":2}""", "schema 2")]
    [InlineData("""{"schema":"1"}""", "schema is not a number")]
    [InlineData("""[]""", "not a JSON object")]
    [InlineData("{", "invalid JSON")]
    [InlineData("""{"schema":1,"version":"\ud800"}""", "version")]
    public void A_manifest_that_is_wrong_is_refused_with_file_and_line(string manifest, string word)
    {
        string message = Refused(Archive(writer => Add(writer, "manifest.json", manifest)));

        Assert.Contains("manifest.json:1: ", message, StringComparison.Ordinal);
        Assert.Contains(word, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"read":"bytes","path":"etc/passwd","text":""}""")]
    [InlineData("""{"read":"bytes","path":"/sys/../etc/passwd","text":""}""")]
    [InlineData("""{"read":"bytes","path":"/x","base64":"!"}""")]
    [InlineData("""{"read":"bytes","path":"/x","member":"files/x"}""")]
    [InlineData("""{"read":"steal","path":"/x","text":""}""")]
    [InlineData("""{"read":"bytes","path":"/x"}""")]
    public void A_line_that_is_wrong_is_refused_with_its_number(string line)
    {
        const string Manifest = """
            {"schema":1,"version":"1","host":"h","kernel":"6.8","time":"2026-01-02T03:04:05Z","masked":true,
            "configuration":"/etc/c","process":1}
            """;
        string message = Refused(Archive(writer =>
        {
            Add(writer, "manifest.json", Manifest);
            Add(writer, "files.jsonl", """{"read":"bytes","path":"/y","text":""}""" + "\n" + line + "\n");
            Add(writer, "netlink.jsonl", "");
            Add(writer, "switch.jsonl", "");
        }));

        Assert.StartsWith("files.jsonl:2: ", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_that_is_not_UTF_8_is_refused() => Refused(Archive(writer =>
        writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "manifest.json")
        {
            DataStream = new MemoryStream([(byte)'{', (byte)'"', 0xff, (byte)'"', (byte)'}']),
        })));

    [Fact]
    public void A_file_that_is_not_an_archive_is_refused()
    {
        Refused([]);
        Refused("#!/bin/sh\n"u8.ToArray());
        Refused(Packed(Encoding.UTF8.GetBytes(new string('x', 2000))));
        Refused(Packed(new byte[1024]));
    }

    private static string Refused(byte[] bundle)
    {
        BundleException failure = Assert.Throws<BundleException>(() => BundleFile.Read(bundle));
        Assert.NotEqual("", failure.Message);
        Assert.DoesNotContain('\n', failure.Message);
        return failure.Message;
    }

    private static async Task RefusedOrExaminedAsync(byte[] bundle)
    {
        try
        {
            var host = new RecordedHost(BundleFile.Read(bundle));
            Observation input = await host.ReadAsync(
                HostIntent.Observe, TestContext.Current.CancellationToken);
            Assert.NotEmpty(VerifyReport.Of(input, Checks.All).Findings);
        }
        catch (BundleException refused)
        {
            Assert.NotEqual("", refused.Message);
        }
    }

    private static void Add(TarWriter writer, string name, string text) =>
        writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name)
        {
            DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)),
        });

    private static byte[] Archive(Action<TarWriter> fill)
    {
        using var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, TarEntryFormat.Ustar, leaveOpen: true))
        {
            fill(writer);
        }

        return Packed(stream.ToArray());
    }

    private static byte[] Packed(byte[] archive)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(archive);
        }

        return stream.ToArray();
    }

    private static byte[] Unpacked(byte[] bundle)
    {
        using var gzip = new GZipStream(new MemoryStream(bundle), CompressionMode.Decompress);
        using var archive = new MemoryStream();
        gzip.CopyTo(archive);
        return archive.ToArray();
    }

    /// <summary>Writes the checksum of the first header anew.</summary>
    private static void Repair(byte[] archive)
    {
        "        "u8.CopyTo(archive.AsSpan(148));
        int sum = archive.AsSpan(0, 512).ToArray().Sum(value => value);
        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(archive, 148);
    }
}
