using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace OvsOffload.Page;

/// <summary>
/// Writes HTML and SVG. Markup is what stands in the source; every value between braces is escaped, so that no name of
/// a host can become markup, in text or in a quoted attribute.
/// </summary>
internal sealed class HtmlWriter
{
    private readonly StringBuilder _text = new();

    /// <summary>Writes markup with escaped values.</summary>
    public void Write(Markup markup) => _text.Append(markup.Text);

    /// <summary>Writes what is part of the program and holds no value of a host.</summary>
    public void Raw(string markup) => _text.Append(markup);

    /// <summary>Adds what another one has written.</summary>
    public void Add(HtmlWriter other) => _text.Append(other._text);

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    /// <summary>What the compiler makes of an interpolated string.</summary>
    [InterpolatedStringHandler]
    internal readonly ref struct Markup(int literalLength, int formattedCount)
    {
        private const char Unprintable = '\uFFFD';

        /// <summary>A guess at the letters of a value.</summary>
        private const int ValueLength = 12;

        private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

        /// <summary>The markup with its values.</summary>
        public StringBuilder Text { get; } = new(literalLength + formattedCount * ValueLength);

        public void AppendLiteral(string markup) => Text.Append(markup);

        public void AppendFormatted(string? value) => Text.Append(Encoder.Encode(Printable(value ?? "")));

        public void AppendFormatted(int value) => Text.Append(CultureInfo.InvariantCulture, $"{value}");

        public void AppendFormatted(long value) => Text.Append(CultureInfo.InvariantCulture, $"{value}");

        public void AppendFormatted(double value) => Text.Append(CultureInfo.InvariantCulture, $"{value:0.##}");

        /// <summary>HTML has no way to write most control characters.</summary>
        private static string Printable(string value) => value.Any(IsControl)
            ? string.Concat(value.Select(letter => IsControl(letter) ? Unprintable : letter))
            : value;

        private static bool IsControl(char letter) => char.IsControl(letter) && letter is not ('\n' or '\t');
    }
}
