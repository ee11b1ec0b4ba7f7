using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using OvsOffload.Host;
using OvsOffload.Os;
using OvsOffload.Platform;
using OvsOffload.Sysfs;

namespace OvsOffload.Bundles;

/// <summary>
/// Leaves out of a recording what no check needs and nobody else should see, masked or not: other programs' files,
/// environments and connections, and secrets. Pure.
/// </summary>
internal static partial class Trim
{
    /// <summary>What stands for a secret.</summary>
    public const string Hidden = "***";

    /// <summary>Options of the kernel and names of modules; words such as "token" are no secrets there.</summary>
    private static readonly string[] NonSecretPaths = ["/boot/", "/lib/", "/usr/lib/", "/sys/", "/proc/modules"];

    /// <summary>The recording without them.</summary>
    public static Recording Apply(Recording recording)
    {
        HashSet<string> sockets = [.. SshSockets(recording.Files)];
        HashSet<string> foreign =
            [.. recording.Files.Where(file => IsForeign(file, sockets)).Select(file => file.Path)];
        return recording with
        {
            Files =
            [
                .. recording.Files.Where(file => !foreign.Contains(file.Path))
                    .Select(file => Apply(file, sockets, foreign)),
            ],
            Switch = [.. recording.Switch.Select(answer => answer.Command == SwitchRecord.Rows
                ? answer
                : answer with { Answer = answer.Answer is null ? null : WithoutSecrets(answer.Answer) })],
        };
    }

    /// <summary>The text with the values of what is called a password, secret, token or key hidden.</summary>
    public static string WithoutSecrets(string text) => Secret().Replace(text, $"${{key}}{Hidden}");

    /// <summary>Whether a value of this name is a secret.</summary>
    public static bool IsSecret(string name) => SecretName().IsMatch(name);

    /// <summary>Whether it is an open file of a process that is none of ours.</summary>
    private static bool IsForeign(FileRecord file, HashSet<string> sockets) =>
        file is { Read: FileRead.Link, Outcome: ReadingOutcome.Known }
        && file.Path.Split('/') is ["", "proc", var process, "fd", _] && IsNumber(process)
        && !IsRelevant(file.Text ?? "", sockets);

    private static FileRecord Apply(FileRecord file, HashSet<string> sockets, HashSet<string> foreign)
    {
        string[] parts = file.Path.Split('/');
        if (file.Outcome != ReadingOutcome.Known || file.Read is FileRead.Link or FileRead.Names)
        {
            // A name that is still in the list and not in the bundle would count as a link that could not be read.
            return file.Read == FileRead.Names && parts is ["", "proc", _, "fd"] && file.Content.Length > 0
                ? file.With(string.Join(
                    '/', (file.Text ?? "").Split('/').Where(name => !foreign.Contains($"{file.Path}/{name}"))))
                : file;
        }

        if (SecurityGroupSource.IsAgentFile(file.Path))
        {
            return file with
            {
                Outcome = ReadingOutcome.Failed,
                Why = $"{file.Path}: omitted from the bundle because it may contain secrets",
                Content = [],
            };
        }

        return (parts, file.Text) switch
        {
            (_, null) => file,
            (["", "proc", _, "environ"], { } text) => file.With(Environment(text)),
            (["", "proc", "net", "tcp" or "tcp6"], { } text) => file.With(Connections(text, sockets)),
            (["", "proc", "mounts"], { } text) => file.With(Lines(text, line => line.Contains(" debugfs "))),
            (["", "proc", _, "mountinfo"], { } text) => file.With(Lines(text, line => line.Contains(" net:["))),
            (_, { } text) when FunctionSettings.HoldsOtherSettings(file.Path) || IsOnlyForAffinity(file.Path) =>
                file.With(WithoutSecrets(Lines(
                    text, line => FunctionSettings.IsRelevant(line) || AffinitySettings.IsRelevant(line)))),
            (_, { } text) when !NonSecretPaths.Any(file.Path.StartsWith) => file.With(WithoutSecrets(text)),
            _ => file,
        };
    }

    private static bool IsOnlyForAffinity(string path) => AffinitySettings.HoldsOtherSettings(path)
        && !path.StartsWith("/etc/network/interfaces", StringComparison.Ordinal);

    /// <summary>Sockets that SSH servers hold; see <see cref="SshConnections"/>.</summary>
    private static IEnumerable<string> SshSockets(ImmutableArray<FileRecord> files)
    {
        HashSet<string> servers =
        [
            .. files.Where(file => file.Path.EndsWith("/comm", StringComparison.Ordinal)
                    && SshConnections.IsServer((file.Text ?? "").TrimEnd()))
                .Select(file => file.Path[..^"comm".Length] + "fd/"),
        ];
        return files.Where(file => file.Read == FileRead.Link
                && servers.Contains(file.Path[..(file.Path.LastIndexOf('/') + 1)]))
            .Select(file => file.Text ?? "")
            .Where(target => target.StartsWith("socket:[", StringComparison.Ordinal));
    }

    private static bool IsRelevant(string target, HashSet<string> sockets) =>
        VfioHolders.IsCandidate(target)
        || RdmaUsers.IsCandidate(target)
        || sockets.Contains(target);

    private static string Environment(string text) => string.Join(
        '\0', text.Split('\0').Where(one =>
            one.StartsWith("SSH_CONNECTION=", StringComparison.Ordinal) || Irqbalance.IsRelevant(one)));

    /// <summary>The heading, and the rows of connections at port 22 or of an SSH server's sockets.</summary>
    private static string Connections(string text, HashSet<string> sockets)
    {
        string[] lines = text.Split('\n');
        return lines[0] + "\n" + Lines(string.Join('\n', lines.Skip(1)), line =>
            line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var local, _, _, _, _, _, _, _, var inode, ..]
            && (local.EndsWith(":0016", StringComparison.Ordinal) || sockets.Contains($"socket:[{inode}]")));
    }

    private static string Lines(string text, Func<string, bool> wanted)
    {
        var kept = new StringBuilder();
        foreach (string line in text.Split('\n').Where(wanted))
        {
            kept.Append(line).Append('\n');
        }

        return kept.ToString();
    }

    private static bool IsNumber(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private const string SecretWords =
        "password|passwd|passphrase|secret|token|psk|private[_-]?key|api[_-]?key|community|credentials?";

    [GeneratedRegex(
        $@"(?<key>[\w.\-]*(?:(?:{SecretWords})[""']?\s*[:=]\s*[""']?|(?:psk|passphrase)[ \t]+[""']?))[^\s""',;&\x00]+",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Secret();

    [GeneratedRegex($@"(?:{SecretWords})$", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();
}
