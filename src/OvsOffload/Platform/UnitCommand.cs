using System.Text;
using OvsOffload.Os;

namespace OvsOffload.Platform;

/// <summary>
/// What systemd starts a service with: the last <c>ExecStart=</c> of its unit file and of its drop-ins
/// (systemd.unit(5), systemd.service(5)).
/// </summary>
internal static class UnitCommand
{
    /// <summary>The words of the command. Absent: there is no such unit, or it starts nothing.</summary>
    /// <param name="paths">The host.</param>
    /// <param name="unit">The unit's name without <c>.service</c>.</param>
    public static Reading<IReadOnlyList<string>> Read(HostPaths paths, string unit)
    {
        Reading<IReadOnlyList<string>> files = Files(paths, unit);
        if (files.IsFailed)
        {
            return files;
        }

        var texts = new List<string>();
        foreach (string file in files.Value)
        {
            Reading<string> read = paths.Files.LooseText(file);
            if (read.IsFailed)
            {
                return Reading.Failed<IReadOnlyList<string>>(read.Why);
            }

            if (read.TryGet(out string? text))
            {
                texts.Add(text);
            }
        }

        return Parse(texts) is { } words
            ? Reading.Known<IReadOnlyList<string>>(words)
            : Reading.Absent<IReadOnlyList<string>>($"no unit {unit}.service with ExecStart");
    }

    /// <summary>
    /// The words of the last command of these texts, which follow each other; null where there is none.
    /// </summary>
    internal static List<string>? Parse(IEnumerable<string> texts)
    {
        List<string>? words = null;
        foreach (string text in texts)
        {
            string section = "";
            foreach (string line in Logical(text))
            {
                if (line.StartsWith('[') && line.EndsWith(']'))
                {
                    section = line[1..^1];
                }
                else if (section == "Service" && line.IndexOf('=') is > 0 and var sign
                    && line[..sign].TrimEnd() == "ExecStart")
                {
                    // An empty one takes back those before it.
                    words = Split(line[(sign + 1)..].Trim()) is { Count: > 0 } command ? command : null;
                }
            }
        }

        return words;
    }

    /// <summary>The unit and its drop-ins, in the order in which they count; none where there is no unit.</summary>
    private static Reading<IReadOnlyList<string>> Files(HostPaths paths, string unit)
    {
        string? main = ServiceFacts.UnitDirectories
            .Select(directory => Path.Combine(paths.Root, directory, unit + ".service"))
            .FirstOrDefault(file => !paths.Files.Bytes(file).IsAbsent);
        if (main is null)
        {
            return Reading.Known<IReadOnlyList<string>>([]);
        }

        var dropIns = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string directory in ServiceFacts.UnitDirectories.Reverse())
        {
            string folder = Path.Combine(paths.Root, directory, unit + ".service.d");
            Reading<IReadOnlyList<string>> names = paths.Files.Names(folder);
            if (names.IsFailed)
            {
                return Reading.Failed<IReadOnlyList<string>>(names.Why);
            }

            foreach (string name in names.ValueOr([]))
            {
                if (name.EndsWith(".conf", StringComparison.Ordinal))
                {
                    dropIns[name] = Path.Combine(folder, name);
                }
            }
        }

        return Reading.Known<IReadOnlyList<string>>([main, .. dropIns.Values]);
    }

    /// <summary>The lines without comments, those that end with a backslash joined.</summary>
    private static IEnumerable<string> Logical(string text)
    {
        var joined = new StringBuilder();
        foreach (string raw in text.Split('\n'))
        {
            string line = raw.Trim();
            if (line.Length > 0 && line[0] is '#' or ';')
            {
                continue;
            }

            if (line.EndsWith('\\'))
            {
                joined.Append(line, 0, line.Length - 1).Append(' ');
                continue;
            }

            yield return joined.Append(line).ToString().Trim();
            joined.Clear();
        }

        yield return joined.ToString().Trim();
    }

    private static List<string> Split(string command)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        char quote = '\0';
        bool open = false;
        foreach (char letter in command)
        {
            if (quote != '\0' && letter == quote)
            {
                quote = '\0';
            }
            else if (quote != '\0')
            {
                word.Append(letter);
            }
            else if (letter is '"' or '\'')
            {
                (quote, open) = (letter, true);
            }
            else if (!char.IsWhiteSpace(letter))
            {
                open = true;
                word.Append(letter);
            }
            else if (open)
            {
                words.Add(word.ToString());
                word.Clear();
                open = false;
            }
        }

        if (open)
        {
            words.Add(word.ToString());
        }

        if (words.Count > 0)
        {
            // Special executable prefixes.
            words[0] = words[0].TrimStart('@', '-', ':', '+', '!');
        }

        return words;
    }
}
