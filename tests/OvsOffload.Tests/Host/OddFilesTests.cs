using System.Text.RegularExpressions;
using OvsOffload.Bundles;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Os;
using OvsOffload.Verifying;

namespace OvsOffload.Tests.Host;

/// <summary>Whatever one file of a host is or holds, the host is read to its end.</summary>
public sealed partial class OddFilesTests : IDisposable
{
    private readonly FixtureHost _host = new(ConnectX7BondHost.Describe());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Contents { get; } = new(Odd.Keys);

    /// <summary>What a file may hold that its reader does not expect.</summary>
    private static Dictionary<string, byte[]?> Odd => new()
    {
        ["nothing"] = [],
        ["no text"] = [0xff, 0xfe, 0x00, 0x80, (byte)'\n', (byte)' ', (byte)':', 0xc3, 0x28, (byte)'\n'],
        ["a number too large"] = "99999999999999999999999999\n"u8.ToArray(),
        ["half of something"] =
            "<a {[(\"'=: -1,5-2 0x\n\n- |;#\\\n)]}>&;\0= x= =y [z] 3-\n(\n1 2 3 4 5 6 7 8 9 10 11 12\n"u8.ToArray(),
        ["a directory"] = null,
    };

    public void Dispose() => _host.Dispose();

    [Theory]
    [MemberData(nameof(Contents))]
    public async Task No_odd_file_aborts_reading_the_host(string content)
    {
        Recording recording = await _host.RecordAsync(masked: false);
        // One of each kind: what is read of VF 3 is what is read of VF 0.
        List<string> files =
        [
            .. recording.Files.Where(file => file.Outcome == ReadingOutcome.Known)
                .Select(file => file.Path)
                .Where(path => File.Exists(_host.Tree.At(path)))
                .DistinctBy(path => Numbers().Replace(path, "0")),
        ];
        Assert.True(files.Count > 40, $"{files.Count}");

        foreach (string file in files)
        {
            string at = _host.Tree.At(file), aside = at + ".aside";
            File.Move(at, aside);
            Put(at, Odd[content]);
            Exception? thrown = await Record.ExceptionAsync(() => ReadAsync(withBundle: content == "no text"));
            Assert.True(thrown is null, $"{file} with {content}: {thrown}");
            Take(at);
            File.Move(aside, at);
        }
    }

    /// <summary>Everything that a command does with a host before it changes anything.</summary>
    private async Task ReadAsync(bool withBundle)
    {
        HostState state = await _host.Reader.ReadAsync(Token);
        VerifyReport.Of(new Observation(HostIntent.Observe, state), Checks.All);
        if (withBundle)
        {
            await _host.RecordAsync(masked: true);
        }
    }

    private static void Put(string path, byte[]? content)
    {
        if (content is null)
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            File.WriteAllBytes(path, content);
        }
    }

    private static void Take(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path);
        }
        else
        {
            File.Delete(path);
        }
    }

    [GeneratedRegex("[0-9a-f]{2,}|[0-9]")]
    private static partial Regex Numbers();
}
