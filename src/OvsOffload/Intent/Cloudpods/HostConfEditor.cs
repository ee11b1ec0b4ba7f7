using System.Text;
using System.Text.RegularExpressions;
using OvsOffload.Intent.Configuration;
using OvsOffload.Os;

namespace OvsOffload.Intent.Cloudpods;

/// <summary>
/// Sets <c>disable_security_group</c> in the text of a host.conf and leaves every other byte as it is. Pure. What
/// comes out is read again as Cloudpods does: a text of which that shows anything else than the one change is refused.
/// </summary>
internal static partial class HostConfEditor
{
    private const string Option = HostConfFiles.DisableSecurityGroup;

    /// <summary>What a text says; null where it says nothing of it.</summary>
    /// <param name="file">The name for messages.</param>
    /// <param name="text">One character for one byte.</param>
    public static Reading<bool?> Read(string file, string text) => Parse(file, text).Map(conf => conf.Flag(Option));

    /// <summary>The text with the option set, or without it.</summary>
    /// <param name="file">The name for messages.</param>
    /// <param name="text">One character for one byte.</param>
    /// <param name="value">The value; null to take the option away.</param>
    /// <returns>Failed where the file is wrong, or of a form that is not edited.</returns>
    public static Reading<string> With(string file, string text, bool? value) =>
        Parse(file, text).Then(before => With(file, text, value, before));

    private static Reading<string> With(string file, string text, bool? value, HostConf before)
    {
        if (before.Flag(Option) == value && before[Option] is null == value is null)
        {
            return Reading.Known(text);
        }

        List<string> lines = TextLines.Split(text);
        Regex pattern = before.IsYaml ? YamlLine() : PlainLine();
        int last = lines.FindLastIndex(line => pattern.IsMatch(line));
        if (value is not { } flag)
        {
            lines.RemoveAll(line => pattern.IsMatch(line));
        }
        else if (last >= 0)
        {
            string content = TextLines.Content(lines[last]);
            lines[last] = pattern.Replace(content, $"${{name}}{Word(flag)}${{rest}}") + TextLines.End(lines[last]);
        }
        else
        {
            TextLines.InsertAfter(
                lines, lines.Count - 1, before.IsYaml ? $"{Option}: {Word(flag)}" : $"{Option} = {Word(flag)}");
        }

        string edited = string.Concat(lines);
        Reading<HostConf> after = Parse(file, edited);
        return after.IsKnown && after.Value.Flag(Option) == value && Others(after.Value) == Others(before)
            ? Reading.Known(edited)
            : Reading.Failed<string>(
                $"cannot edit the format of {file}; manually set {Option}: "
                    + $"{(value is { } word ? Word(word) : "as before")} by hand");
    }

    private static Reading<HostConf> Parse(string file, string text)
    {
        try
        {
            return Reading.Known(HostConfReader.Read(file, Encoding.Latin1.GetBytes(text)));
        }
        catch (ConfigurationException failure)
        {
            return Reading.Failed<HostConf>($"{failure.Errors[0]}; fix it first");
        }
    }

    /// <summary>All other options with their values.</summary>
    private static string Others(HostConf conf) => string.Join('\n', conf.Values
        .Where(value => value.Key != Option)
        .OrderBy(value => value.Key, StringComparer.Ordinal)
        .Select(value => $"{value.Key}\t{value.Value.IsList}\t{value.Value.IsPlain}\t"
            + string.Join('\t', value.Value.Items)));

    private static string Word(bool value) => value ? "true" : "false";

    /// <summary>The value behind a name, with what follows it on the line.</summary>
    private const string ValuePattern = """[^\s#][^\r\n#]*?(?<rest>[ \t]*(?:[ \t]#[^\r\n]*)?)(?=\r?$|\r?\n)""";

    [GeneratedRegex("""^(?<name>(["']?)disable[_-]security[_-]group\1[ \t]*:[ \t]+)""" + ValuePattern)]
    private static partial Regex YamlLine();

    [GeneratedRegex("""^(?<name>[ \t]*disable[_-]security[_-]group[ \t]*=[ \t]*)""" + ValuePattern)]
    private static partial Regex PlainLine();
}
