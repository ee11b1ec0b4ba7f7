using System.Globalization;

namespace OvsOffload.OpenVSwitch;

/// <summary>Walks through a text of ovs-vswitchd that is made of <c>name : value</c> lines under headings, told by
/// their indent.</summary>
internal struct LineFields(string text)
{
    private readonly string[] _lines = text.Split('\n');
    private int _at = -1;

    /// <summary>Blanks before the text of the line.</summary>
    public int Indent { get; private set; }

    /// <summary>The line without the blanks around it.</summary>
    public string Line { get; private set; } = "";

    /// <summary>What stands before the first colon, without blanks; the whole line where there is none.</summary>
    public readonly string Name => Line.Split(':', 2)[0].TrimEnd();

    /// <summary>What stands after the first colon, without blanks.</summary>
    public readonly string Value => Line.Split(':', 2) is [_, var value] ? value.Trim() : "";

    /// <summary>Goes on to the next line that is not blank.</summary>
    public bool Next()
    {
        while (++_at < _lines.Length)
        {
            Line = _lines[_at].Trim();
            Indent = _lines[_at].Length - _lines[_at].TrimStart().Length;
            if (Line.Length > 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Goes on to the next line when it is indented; otherwise stays, so that <see cref="Next"/> gives
    /// it.</summary>
    public bool NextIndented()
    {
        int before = _at;
        if (Next() && Indent > 0)
        {
            return true;
        }

        _at = before;
        return false;
    }

    /// <summary>The whole number that follows <paramref name="label"/> in <paramref name="value"/>.</summary>
    /// <exception cref="FormatException">No such label, or no number after it.</exception>
    public static long NumberAfter(string value, string label)
    {
        int at = value.IndexOf(label, StringComparison.Ordinal);
        string rest = at < 0 ? "" : value[(at + label.Length)..];
        string digits = rest.AsSpan().IndexOfAnyExceptInRange('0', '9') is var end && end < 0 ? rest : rest[..end];
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw new FormatException($"no number after '{label}' in '{value}'");
    }
}
