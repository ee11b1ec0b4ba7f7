using System.Buffers;
using System.Globalization;
using System.Text;

namespace OvsOffload.Metrics;

/// <summary>The formats of an exposition.</summary>
internal enum ExpositionFormat
{
    /// <summary>Prometheus' text format 0.0.4.</summary>
    Text,

    /// <summary>OpenMetrics 1.0.0, text.</summary>
    OpenMetrics,
}

/// <summary>
/// Writes an exposition in UTF-8: for each family what it is, then all its samples one after another.
/// </summary>
/// <param name="output">Where to.</param>
/// <param name="format">The format.</param>
internal sealed class ExpositionWriter(IBufferWriter<byte> output, ExpositionFormat format = ExpositionFormat.Text)
{
    /// <summary>Room for any number: the longest is -1.7976931348623157E+308.</summary>
    private const int LongestNumber = 32;

    private readonly HashSet<string> _declared = [];

    private bool IsOpenMetrics => format == ExpositionFormat.OpenMetrics;

    /// <summary>The content type of a format.</summary>
    public static string ContentType(ExpositionFormat format) => format == ExpositionFormat.OpenMetrics
        ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
        : "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Ends the exposition: in OpenMetrics a line says that nothing is missing.</summary>
    public void End()
    {
        if (IsOpenMetrics)
        {
            Text("# EOF\n"u8);
        }
    }

    /// <summary>Writes a family with its samples; one without samples is left out.</summary>
    /// <exception cref="InvalidOperationException">The family was written before, or a sample is of another
    /// one.</exception>
    public void Write(MetricFamily family, IEnumerable<Sample> samples)
    {
        bool declared = false;
        foreach (Sample sample in samples)
        {
            if (!declared)
            {
                Declare(family);
                declared = true;
            }

            Write(family, sample);
        }
    }

    private void Declare(MetricFamily family)
    {
        if (!_declared.Add(family.Name))
        {
            throw new InvalidOperationException($"{family.Name} was written already; a family stands in one place");
        }

        string name = IsOpenMetrics ? family.OpenMetricsName : family.Name;
        Text("# HELP "u8);
        Text(name);
        Text(" "u8);
        Escaped(family.Help, quotes: IsOpenMetrics);
        Text("\n# TYPE "u8);
        Text(name);
        Text(family.Type == MetricType.Counter ? " counter\n"u8
            : IsOpenMetrics && family.IsInfo ? " info\n"u8
            : " gauge\n"u8);
        if (IsOpenMetrics && family.Unit is { } unit)
        {
            Text("# UNIT "u8);
            Text(name);
            Text(" "u8);
            Text(unit);
            Text("\n"u8);
        }
    }

    private void Write(MetricFamily family, Sample sample)
    {
        if (sample.Family != family)
        {
            throw new InvalidOperationException(
                $"a sample of {sample.Family.Name} stands among those of {family.Name}");
        }

        Text(family.Name);
        for (int i = 0; i < family.Labels.Length; i++)
        {
            Text(i == 0 ? "{"u8 : ","u8);
            Text(family.Labels[i]);
            Text("=\""u8);
            Escaped(sample.Labels[i], quotes: true);
            Text("\""u8);
        }

        Text(family.Labels.IsEmpty ? " "u8 : "} "u8);
        Number(sample.Value);
        Text("\n"u8);
    }

    private void Number(double value)
    {
        switch (value)
        {
            case double.PositiveInfinity:
                Text("+Inf"u8);
                break;
            case double.NegativeInfinity:
                Text("-Inf"u8);
                break;
            case double.NaN:
                Text("NaN"u8);
                break;
            default:
                value.TryFormat(output.GetSpan(LongestNumber), out int written, default, CultureInfo.InvariantCulture);
                output.Advance(written);
                break;
        }
    }

    /// <summary>
    /// Backslash and newline are escaped everywhere, the quote in label values and in the help of OpenMetrics.
    /// </summary>
    private void Escaped(string text, bool quotes)
    {
        ReadOnlySpan<char> special = quotes ? "\\\n\"" : "\\\n";
        ReadOnlySpan<char> rest = text;
        for (int at; (at = rest.IndexOfAny(special)) >= 0; rest = rest[(at + 1)..])
        {
            Encoding.UTF8.GetBytes(rest[..at], output);
            Text(rest[at] switch { '\\' => "\\\\"u8, '\n' => "\\n"u8, _ => "\\\""u8 });
        }

        Encoding.UTF8.GetBytes(rest, output);
    }

    private void Text(string text) => Encoding.UTF8.GetBytes(text, output);

    private void Text(ReadOnlySpan<byte> text) => output.Write(text);
}
