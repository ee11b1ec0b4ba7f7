using System.Globalization;
using System.Text;

namespace OvsOffload.Intent.Configuration;

/// <summary>
/// The kinds of plain values. They are typed here and not by YAML, whose versions differ: in 1.1 <c>020</c> is sixteen,
/// <c>no</c> is false and <c>1:30</c> is ninety.
/// </summary>
internal static class ScalarKinds
{
    private static readonly string[] NullWords = ["null", "~"];

    private static readonly string[] TrueWords = ["true", "yes", "on", "y"];

    private static readonly string[] FalseWords = ["false", "no", "off", "n"];

    private static readonly (string Unit, TimeSpan Length)[] Units =
    [
        ("h", TimeSpan.FromHours(1)),
        ("m", TimeSpan.FromMinutes(1)),
        ("ms", TimeSpan.FromMilliseconds(1)),
        ("s", TimeSpan.FromSeconds(1)),
    ];

    public static ValueKind<bool> Boolean { get; } = new ScalarKind<bool>(
        "true or false",
        scalar => (scalar.Text, scalar.IsPlain) switch
        {
            ("true", true) => true,
            ("false", true) => false,
            ("true" or "false", false) => new Wrong("Remove the quotes"),
            _ when TrueWords.Contains(scalar.Text.ToLowerInvariant()) => new Wrong("Write true"),
            _ when FalseWords.Contains(scalar.Text.ToLowerInvariant()) => new Wrong("Write false"),
            _ => new Wrong(),
        },
        value => value ? "true" : "false");

    /// <summary>A whole number in decimal digits.</summary>
    public static ValueKind<int> Integer(int least, int most, string what = "a whole number") => new ScalarKind<int>(
        $"{what} from {least} to {most}",
        scalar =>
        {
            string text = scalar.Text;
            if (!text.AsSpan().ContainsAnyExceptInRange('0', '9') && text.Length > 0)
            {
                return text[0] == '0' && text.Length > 1
                    ? new Wrong("YAML 1.1 reads a leading 0 as octal; remove it")
                    : !scalar.IsPlain
                        ? new Wrong("Remove the quotes")
                        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value)
                            && value >= least && value <= most ? value : new Wrong();
            }

            return LooksLikeNumber(text) ? new Wrong("Use plain decimal digits") : new Wrong();
        },
        value => value.ToString(CultureInfo.InvariantCulture));

    /// <summary>One of some words.</summary>
    public static ValueKind<T> OneOf<T>(params (string Word, T Value)[] words)
        where T : struct, Enum
    {
        // Plain loops: LINQ over pairs with each enum would be compiled anew for every one, at every start.
        string[] names = new string[words.Length];
        for (int i = 0; i < words.Length; i++)
        {
            names[i] = words[i].Word;
        }

        return new ScalarKind<T>(
            Listing(names),
            scalar =>
            {
                int at = Array.IndexOf(names, scalar.Text);
                return at >= 0 ? words[at].Value : new Wrong(Suggestion.Hint(scalar.Text, names));
            },
            value => Array.Find(words, word => word.Value.Equals(value)).Word);
    }

    /// <summary>A length of time: digits, then ms, s, m or h.</summary>
    public static ValueKind<TimeSpan> Duration(TimeSpan least, TimeSpan most) => new ScalarKind<TimeSpan>(
        $"a duration from {FormatDuration(least)} to {FormatDuration(most)}, with its unit (ms, s, m or h)",
        scalar =>
        {
            string text = scalar.Text;
            int digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
            if (digits < 0 && text.Length > 0)
            {
                return new Wrong($"The unit is missing; use {text}s for seconds");
            }

            // Nine digits of hours do not overflow a TimeSpan.
            if (digits is < 1 or > 9
                || Array.Find(Units, unit => unit.Unit == text[digits..]) is not { Unit: not null } unit)
            {
                return new Wrong();
            }

            int count = int.Parse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture);
            TimeSpan value = count * unit.Length;
            return value >= least && value <= most ? value : new Wrong();
        },
        FormatDuration);

    /// <summary>A share in percent, with its sign; read as a fraction.</summary>
    public static ValueKind<double> Percent(decimal least, decimal most) => new ScalarKind<double>(
        string.Create(CultureInfo.InvariantCulture, $"a share from {least}% to {most}%, with its % sign"),
        scalar =>
        {
            const NumberStyles style = NumberStyles.AllowDecimalPoint;
            string text = scalar.Text;
            if (!text.EndsWith('%'))
            {
                return decimal.TryParse(text, style, CultureInfo.InvariantCulture, out _)
                    ? new Wrong($"The unit is missing; use {text}% for percent")
                    : new Wrong();
            }

            return decimal.TryParse(text.AsSpan()[..^1], style, CultureInfo.InvariantCulture, out decimal percent)
                && percent >= least && percent <= most ? (double)(percent / 100) : new Wrong();
        },
        value => ((decimal)value * 100).ToString("0.##########", CultureInfo.InvariantCulture) + "%");

    /// <summary>A text; unquoted it must not be one that YAML would read as something else.</summary>
    /// <param name="allowed">What is allowed, in words.</param>
    /// <param name="parse">The text's meaning.</param>
    /// <param name="format">The text of a value.</param>
    public static ValueKind<T> Text<T>(string allowed, Func<string, Parsed<T>> parse, Func<T, string> format) =>
        new ScalarKind<T>(
            allowed,
            scalar => OtherReading(scalar) is { } hint ? new Wrong(hint) : parse(scalar.Text),
            value => Yaml(format(value)));

    /// <summary>The text as a YAML scalar, quoted unless it is a plain word for every reader.</summary>
    public static string Yaml(string text) =>
        text.Length > 0 && (char.IsAsciiLetter(text[0]) || text[0] == '/')
        && text.All(character => char.IsAsciiLetterOrDigit(character) || "/._-".Contains(character))
        && !IsBooleanWord(text) && !NullWords.Contains(text.ToLowerInvariant())
            ? text
            : Quoted(text);

    /// <summary>The text as a double-quoted YAML scalar, for which no reader has a second meaning.</summary>
    public static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (char character in text)
        {
            _ = character is '"' or '\\' ? quoted.Append('\\').Append(character)
                : char.IsControl(character) ? quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}")
                : quoted.Append(character);
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>"a, b or c".</summary>
    public static string Listing(IEnumerable<string> words)
    {
        string[] all = [.. words];
        return all.Length < 2 ? string.Concat(all) : $"{string.Join(", ", all[..^1])} or {all[^1]}";
    }

    /// <summary>Why an unquoted text is no text for every YAML reader, and what to do; null where it is one.</summary>
    public static string? OtherReading(ScalarNode scalar) => scalar switch
    {
        { IsPlain: false } or { IsEmpty: true } => null,
        _ when IsBooleanWord(scalar.Text) =>
            "Without quotes YAML reads this as true or false; put a name in quotes",
        _ when NullWords.Contains(scalar.Text.ToLowerInvariant()) =>
            "Without quotes YAML reads this as null; put a name in quotes",
        _ when LooksLikeNumber(scalar.Text) =>
            "Without quotes YAML reads this as a number; put a name in quotes",
        _ => null,
    };

    private static bool IsBooleanWord(string text) =>
        TrueWords.Concat(FalseWords).Contains(text.ToLowerInvariant());

    /// <summary>
    /// Whether YAML 1.1 or 1.2 has a number of this spelling; base 60 is left out, for a colon is never in a name.
    /// </summary>
    private static bool LooksLikeNumber(string text)
    {
        string digits = text.Replace("_", "", StringComparison.Ordinal).TrimStart('+', '-');
        if (digits.StartsWith("0x", StringComparison.Ordinal) || digits.StartsWith("0o", StringComparison.Ordinal))
        {
            return digits.Length > 2 && digits.Skip(2).All(char.IsAsciiHexDigit);
        }

        return double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            && double.IsFinite(value) && !digits.AsSpan().ContainsAny(" \t\r\n");
    }

    internal static string FormatDuration(TimeSpan value)
    {
        if (value == TimeSpan.Zero)
        {
            return "0s";
        }

        (string? unit, TimeSpan length) = Array.Find(
            Units, unit => unit.Unit != "ms" && value.Ticks % unit.Length.Ticks == 0);
        return unit is null
            ? string.Create(CultureInfo.InvariantCulture, $"{value.TotalMilliseconds:0}ms")
            : string.Create(CultureInfo.InvariantCulture, $"{value.Ticks / length.Ticks}{unit}");
    }
}
