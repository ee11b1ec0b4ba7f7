using System.Collections.Immutable;
using OvsOffload.Intent.Configuration;

namespace OvsOffload.Intent.Cloudpods;

/// <summary>
/// Reads a file of Cloudpods' host agent (<c>host.conf</c>, <c>common.conf</c>, <c>host_local.conf</c>) as its parser,
/// structarg's <c>ParseFile</c>, does: first as YAML, which JSON is too; when that fails, as lines <c>key = value</c>.
/// Pure.
/// </summary>
internal static class HostConfReader
{
    /// <summary>Reads a file's content.</summary>
    /// <param name="file">The name for messages.</param>
    /// <param name="content">UTF-8; at most 1 MiB.</param>
    /// <exception cref="ConfigurationException">Cloudpods' agent would not start with this file.</exception>
    public static HostConf Read(string file, ReadOnlySpan<byte> content)
    {
        string text = HostConfText.Decode(file, content);
        ImmutableArray<HostConfWarning>.Builder warnings = ImmutableArray.CreateBuilder<HostConfWarning>();
        Dictionary<string, HostConfValue> values;
        bool yaml = true;
        try
        {
            values = HostConfYaml.Read(file, text, warnings);
            foreach ((string option, HostConfValue value) in values)
            {
                Check(option, value);
            }
        }
        catch (ConfigurationException failure)
        {
            values = AsLines(file, text, failure, warnings);
            yaml = false;
        }

        WarnOfNames(values, warnings);
        return new HostConf(file, values, warnings.ToImmutable()) { IsYaml = yaml };
    }

    private static Dictionary<string, HostConfValue> AsLines(
        string file, string text, ConfigurationException yaml, ImmutableArray<HostConfWarning>.Builder warnings)
    {
        warnings.Clear();
        try
        {
            Dictionary<string, HostConfValue> values = HostConfLines.Read(file, text);
            foreach ((string option, HostConfValue value) in values)
            {
                Check(option, value);
            }

            return values;
        }
        catch (ConfigurationException lines)
        {
            // Cloudpods says only the second; the first is what the operator meant to write, unless there is an "=".
            throw text.Contains('=') && !text.Contains(": ", StringComparison.Ordinal)
                ? lines
                : new ConfigurationException(
                [
                    .. yaml.Errors,
                    .. lines.Errors.Select(error => error with
                    {
                        Message = "and as lines KEY = VALUE, which Cloudpods tries next: " + error.Message,
                    }),
                ]);
        }
    }

    /// <summary>Values that the parser refuses.</summary>
    private static void Check(string option, HostConfValue value)
    {
        var known = HostConfOption.Find(option);
        if (known?.Kind == HostConfKind.Flag && value.Flag is null)
        {
            throw new ConfigurationException(
            [
                new ConfigurationError(
                    value.Position,
                    $"{option} is {ConfigurationNode.Quote(value.Text)}; allowed: true or false, without quotes"),
            ]);
        }

        if (known?.Kind == HostConfKind.Text && value.IsList)
        {
            throw new ConfigurationException(
                [new ConfigurationError(value.Position, $"{option} is a list; allowed: one value")]);
        }
    }

    private static void WarnOfNames(
        Dictionary<string, HostConfValue> values, ImmutableArray<HostConfWarning>.Builder warnings)
    {
        foreach ((string option, HostConfValue value) in values)
        {
            if (HostConfOption.Find(option) is { Kind: HostConfKind.List } && !value.IsList
                && value.Items[0].AsSpan().IndexOfAny(", ") >= 0)
            {
                warnings.Add(new HostConfWarning(
                    value.Position,
                    $"{option} is a single value, which Cloudpods does not split: "
                        + $"{ConfigurationNode.Quote(value.Items[0])} is one name; use a list"));
            }

            if (HostConfOption.Find(option) is null && HostConfOption.Suggest(option) is { } meant)
            {
                warnings.Add(new HostConfWarning(
                    value.Position,
                    $"Cloudpods ignores the unknown option {option} (names are exact, in lower case); did you mean "
                        + $"{meant}?"));
            }
        }
    }
}
