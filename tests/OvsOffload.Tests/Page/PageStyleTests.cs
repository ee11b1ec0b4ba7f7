using System.Globalization;
using System.Text.RegularExpressions;
using OvsOffload.Page;

namespace OvsOffload.Tests.Page;

public sealed partial class PageStyleTests
{
    /// <summary>WCAG 2.2, 1.4.3: the least contrast of text.</summary>
    private const double Least = 4.5;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Text_has_enough_contrast_on_every_background(int scheme)
    {
        var html = new HtmlWriter();
        PageStyle.Write(html);
        var colours = Block().Matches(html.ToString())
            .Take(scheme + 1)
            .SelectMany(block => Colour().Matches(block.Value))
            .GroupBy(colour => colour.Groups[1].Value)
            .ToDictionary(colour => colour.Key, colour => colour.Last().Groups[2].Value);

        (string Text, string[] Backs)[] pairs =
        [
            ("ink", ["back", "panel", "guest", "container", "claim", "host", "free", "eswitch", "badred"]),
            ("soft", ["back", "panel", "eswitch", "free"]),
            ("link", ["back"]),
            ("red", ["back"]),
            ("amber", ["back"]),
            ("blue", ["back"]),
        ];
        foreach ((string text, string[] backs) in pairs)
        {
            Assert.All(backs, back => Assert.True(
                Contrast(colours[text], colours[back]) >= Least,
                    $"{text} on {back}: {Contrast(colours[text], colours[back])}"));
        }
    }

    private static double Contrast(string a, string b)
    {
        double[] both = [Luminance(a), Luminance(b)];
        return (both.Max() + 0.05) / (both.Min() + 0.05);
    }

    /// <summary>WCAG 2.2, "relative luminance".</summary>
    private static double Luminance(string colour)
    {
        string digits = colour.Length == 3 ? string.Concat(colour.Select(digit => $"{digit}{digit}")) : colour;
        double[] parts =
        [
            .. Enumerable.Range(0, 3)
                .Select(
                    part =>
                    int.Parse(digits.AsSpan(part * 2, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0)
                .Select(part => part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4)),
        ];
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
    }

    [GeneratedRegex(@":root \{[^}]*\}")]
    private static partial Regex Block();

    [GeneratedRegex(@"--(\w+): #([0-9a-f]{6}|[0-9a-f]{3})")]
    private static partial Regex Colour();
}
