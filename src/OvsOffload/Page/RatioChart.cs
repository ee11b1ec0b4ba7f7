using System.Collections.Immutable;
using System.Globalization;

namespace OvsOffload.Page;

/// <summary>The share of flows in hardware over the last hour, as a line (SVG) with its gaps. Pure.</summary>
internal static class RatioChart
{
    private const int Height = 132;

    private const int PlotTop = 10;

    private const int PlotHeight = 96;

    private const int PlotLeft = 44;

    /// <summary>
    /// A gap is drawn as wide as the time that its reading stands for, and never too thin to be seen.
    /// </summary>
    private const double MinGap = 2;

    /// <summary>Writes the chart.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="points">The points, the oldest first.</param>
    /// <param name="name">Tells the charts of one page apart.</param>
    /// <param name="width">Its width in units, about a pixel each.</param>
    public static void Write(HtmlWriter html, ImmutableArray<RatioPoint> points, string name, int width)
    {
        int plot = width - PlotLeft - 8;
        html.Write($"<svg class=\"{name}\" viewBox=\"0 0 {width} {Height}\" role=\"img\" ");
        html.Write($"aria-labelledby=\"{name}-ratio\">");
        html.Write($"<title id=\"{name}-ratio\">{Words(points)}</title>");
        foreach (int percent in (int[])[0, 50, 100])
        {
            double y = At(percent / 100.0);
            html.Write($"<path class=\"grid\" d=\"M{PlotLeft} {y}h{plot}\"/>");
            html.Write($"<text class=\"axis end\" x=\"{PlotLeft - 6}\" y=\"{y + 4}\">{percent} %</text>");
        }

        foreach (int minutes in (int[])[60, 30, 0])
        {
            string kind = minutes == 60 ? "axis start" : minutes == 0 ? "axis end" : "axis";
            string words = minutes == 0 ? "now" : $"{minutes} min ago";
            double x = X(TimeSpan.FromMinutes(minutes), plot);
            html.Write($"<text class=\"{kind}\" x=\"{x}\" y=\"{Height - 6}\">{words}</text>");
        }

        Gaps(html, points, plot);
        Line(html, points, plot);
        html.Write($"</svg>");
    }

    /// <summary>What the chart shows, in a sentence.</summary>
    public static string Words(ImmutableArray<RatioPoint> points)
    {
        RatioPoint[] known = [.. points.Where(point => point.Share is not null)];
        int gaps = points.Length - known.Length;
        string missing = gaps == 0 ? "" : gaps == 1 ? "; 1 reading without data" : $"; {gaps} readings without data";
        if (known.Length == 0)
        {
            return $"Share of flows in hardware over the last hour: unknown{missing}.";
        }

        RatioPoint least = known.MinBy(point => point.Share)!;
        RatioPoint last = points[^1];
        string now = last.Share is { } share
            ? $"last {Percent(share)}"
            : $"no data in the last reading ({last.Gap})";
        return $"Share of flows in hardware over the last hour: {now}, lowest {Percent(least.Share!.Value)} "
            + $"{Ago(least.Ago)}{missing}.";
    }

    /// <summary>A share in percent; only what is whole is called 100 %.</summary>
    public static string Percent(double share)
    {
        double percent = Math.Floor(share * 1000) / 10;
        return string.Create(CultureInfo.InvariantCulture, $"{percent:0.#} %");
    }

    /// <summary>A time that went by.</summary>
    public static string Ago(TimeSpan ago) => ago.TotalSeconds < 90
        ? $"{Math.Max(0, (int)ago.TotalSeconds)} s ago"
        : ago.TotalMinutes < 90 ? $"{(int)ago.TotalMinutes} min ago" : $"{(int)ago.TotalHours} h ago";

    private static void Gaps(HtmlWriter html, ImmutableArray<RatioPoint> points, int plot)
    {
        for (int i = 0; i < points.Length; i++)
        {
            if (points[i].Gap is not { } why)
            {
                continue;
            }

            double from = X(points[i].Ago, plot);
            int first = i;
            while (i + 1 < points.Length && points[i + 1].Gap is not null)
            {
                i++;
            }

            TimeSpan end = i + 1 < points.Length ? points[i + 1].Ago : TimeSpan.Zero;
            double length = Math.Max(MinGap, X(end, plot) - from);
            html.Write($"<g><title>{i - first + 1} times: {why}</title>");
            html.Write($"<rect class=\"gap\" x=\"{from}\" y=\"{PlotTop}\" ");
            html.Write($"width=\"{length}\" height=\"{PlotHeight}\"/></g>");
        }
    }

    private static void Line(HtmlWriter html, ImmutableArray<RatioPoint> points, int plot)
    {
        bool drawing = false;
        for (int i = 0; i < points.Length; i++)
        {
            RatioPoint point = points[i];
            if (point.Share is not { } share)
            {
                End(ref drawing);
                continue;
            }

            // One alone would be a line without length: a dot.
            bool alone = !drawing && (i + 1 == points.Length || points[i + 1].Share is null);
            (double x, double y) = (X(point.Ago, plot), At(share));
            if (alone)
            {
                html.Write($"<circle class=\"share\" cx=\"{x}\" cy=\"{y}\" r=\"2\"/>");
            }
            else if (drawing)
            {
                html.Write($"L{x} {y}");
            }
            else
            {
                html.Write($"<path class=\"share\" d=\"M{x} {y}");
                drawing = true;
            }
        }

        End(ref drawing);

        void End(ref bool open)
        {
            if (open)
            {
                html.Write($"\"/>");
                open = false;
            }
        }
    }

    private static double X(TimeSpan ago, int plot) => PlotLeft + plot * (1 - ago / OffloadHistory.Span);

    private static double At(double share) => PlotTop + PlotHeight * (1 - share);
}
