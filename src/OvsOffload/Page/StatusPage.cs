using System.Globalization;
using OvsOffload.Flows;
using OvsOffload.Verifying;

namespace OvsOffload.Page;

/// <summary>
/// The status page: one document of HTML with its drawings and its style in it, which loads nothing, runs nothing and
/// says in words all that it draws. Pure.
/// </summary>
internal static class StatusPage
{
    /// <summary>
    /// Content-Security-Policy: nothing may be loaded, run, sent or framed; of styles this one alone. The icon is an
    /// empty one, so that no browser asks for another.
    /// </summary>
    public static string SecurityPolicy { get; } =
        "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; "
        + $"frame-ancestors 'none'; style-src 'sha256-{PageStyle.Hash}'";

    /// <summary>The document.</summary>
    public static string Of(PageView view)
    {
        var html = new HtmlWriter();
        string host = view.Host.ValueOrDefault()?.Name ?? "this host";
        html.Write($"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        html.Write($"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        html.Write($"<meta name=\"color-scheme\" content=\"light dark\">\n<link rel=\"icon\" href=\"data:,\">\n");
        html.Write($"<title>{host}: hardware offload</title>\n");
        PageStyle.Write(html);
        html.Write($"</head>\n<body>\n<header>\n<h1>{host}</h1>\n");
        WriteStatusLine(html, view);
        html.Write($"</header>\n<main>\n");
        WriteUnreadable(html, view);
        if (view.Host.TryGet(out HostPicture? picture))
        {
            WriteSummary(html, view, picture);
            WriteDrawing(html, picture);
        }

        WriteRatio(html, view);
        PageTables.WriteChecks(html, view.Checks);
        if (picture is not null)
        {
            PageTables.WriteHost(html, picture);
        }

        html.Write($"</main>\n<footer>\n<p>ovs-offload {view.Version}, ");
        html.Write($"<a href=\"/metrics\">metrics</a>, <a href=\"/healthz\">health</a>. ");
        html.Write($"Reload the page to update.</p>\n</footer>\n</body>\n</html>\n");
        return html.ToString();
    }

    private static void WriteStatusLine(HtmlWriter html, PageView view)
    {
        html.Write($"<p>{view.StatusLine}");
        if (view.Host.TryGet(out HostPicture? picture))
        {
            DateTime readAt = picture.ReadAt.UtcDateTime;
            string read = readAt.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
            string exact = readAt.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            html.Write($". Host read <time datetime=\"{exact}\">{read}</time>, ");
            html.Write($"{RatioChart.Ago(view.HostAge)}");
            html.Write($".</p>\n<p>{picture.Switch}");
        }

        html.Write($".</p>\n");
        WriteList(html, view.Objections);
    }

    private static void WriteUnreadable(HtmlWriter html, PageView view)
    {
        List<string> unread = [.. (view.Host.ValueOrDefault()?.Unreadable ?? []).Union(view.Unread)];
        if (view.Host.IsFailed)
        {
            unread.Add($"the host: {view.Host.Why}");
        }

        if (view.Flows.IsFailed)
        {
            unread.Add($"flows: {view.Flows.Why}");
        }

        if (view.Checks.IsFailed)
        {
            unread.Add($"checks: {view.Checks.Why}");
        }

        if (unread.Count > 0)
        {
            html.Write($"<section class=\"unread\" aria-labelledby=\"unread\">\n<h2 id=\"unread\">Unreadable</h2>\n");
            WriteList(html, unread);
            html.Write($"</section>\n");
        }
    }

    private static void WriteSummary(HtmlWriter html, PageView view, HostPicture host)
    {
        html.Write($"<section aria-labelledby=\"now\">\n<h2 id=\"now\">Now</h2>\n<dl class=\"tiles\">\n");
        (string share, string flows) = FlowTile(view);
        WriteTile(html, "Flows in hardware", share, flows);
        WriteTile(
            html,
            "Checks",
            view.Checks.Match(report => Findings(report), _ => "none", _ => "unknown"),
            view.Checks.Match(
                report => $"{report.Count(FindingStatus.Skipped)} not checked", _ => "", _ => ""));
        FunctionPicture[] functions =
            [.. host.Cards.ValueOr([]).SelectMany(card => card.Pfs).SelectMany(pf => pf.Functions)];
        WriteTile(
            html,
            "Functions in use",
            host.Cards.Match(
                _ => $"{functions.Count(one => IsHeld(one.Holder))} of {functions.Length}",
                _ => "no NIC",
                _ => "unknown"),
            Words(functions));
        foreach (BondPicture bond in host.Bonds.ValueOr([]).Where(bond => IsOfPf(host, bond)))
        {
            WriteTile(
                html, $"VF-LAG of {bond.Name}", bond.VfLag, $"{bond.Active} of {bond.Members.Length} members active");
        }

        html.Write($"</dl>\n</section>\n");
    }

    private static (string Share, string Words) FlowTile(PageView view)
    {
        if (!view.Flows.TryGet(out FlowCounts counts))
        {
            return (view.Flows.IsAbsent ? "none" : "unknown", view.Flows.IsAbsent ? view.Flows.Why : "");
        }

        string unknown = counts.Unknown > 0 ? $", {counts.Unknown} unknown" : "";
        string words = string.Create(
            CultureInfo.InvariantCulture, $"{counts.Offloaded} of {counts.Total - counts.Unknown}{unknown}");
        return OffloadHistory.Share(counts) is { } share ? (RatioChart.Percent(share), words) : ("no flows", words);
    }

    private static string Findings(VerifyReport report) => report.NothingChecked
        ? "not checked"
        : (report.Count(FindingStatus.Error), report.Count(FindingStatus.Warning)) switch
        {
            (0, 0) when !report.IsKnown => "unknown",
            (0, 0) => "no errors or warnings",
            (var errors, var warnings) => $"{Count(errors, "error")}, {Count(warnings, "warning")}",
        };

    /// <summary>A count of things in words.</summary>
    public static string Count(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";

    private static bool IsHeld(FunctionHolder holder) =>
        holder is not (FunctionHolder.Free or FunctionHolder.Elsewhere or FunctionHolder.Unknown);

    private static string Words(FunctionPicture[] functions) => string.Join(", ", functions
        .GroupBy(function => function.Holder)
        .OrderByDescending(group => group.Count())
        .Select(group => group.Count() == 1
            ? $"1 {FunctionGroup.Word(group.Key)}"
            : $"{group.Count()} {FunctionGroup.Words(group.Key)}"));

    private static bool IsOfPf(HostPicture host, BondPicture bond) =>
        host.Cards.ValueOr([]).Any(card => card.Pfs.Any(pf => pf.Bond == bond.Name));

    private static void WriteTile(HtmlWriter html, string name, string value, string words) =>
        html.Write($"<div><dt>{name}</dt><dd class=\"value\">{value}</dd><dd>{words}</dd></div>\n");

    private static void WriteDrawing(HtmlWriter html, HostPicture host)
    {
        html.Write($"<section aria-labelledby=\"picture\">\n<h2 id=\"picture\">Cards, functions, bridges</h2>\n");
        if (host.Cards.ValueOr([]).IsEmpty)
        {
            string why = host.Cards.Match(
                _ => "This host has no NIC with a physical function.",
                absent => $"This host has no NIC with a physical function: {absent}.",
                failed => $"Cannot read the NICs: {failed}.");
            html.Write($"<p>{why}</p>\n</section>\n");
            return;
        }

        html.Write($"<figure>\n");
        HostDrawing.Write(html, host, DrawingColumns.Wide);
        HostDrawing.Write(html, host, DrawingColumns.Narrow);
        html.Write($"\n<figcaption>Dashed lines: no representor, or (red) it is down, without carrier or ");
        html.Write($"unreadable. ");
        html.Write($"As a table: <a href=\"#functions\">functions</a>.</figcaption>\n</figure>\n</section>\n");
    }

    private static void WriteRatio(HtmlWriter html, PageView view)
    {
        html.Write($"<section aria-labelledby=\"ratio\">\n<h2 id=\"ratio\">Flows in hardware, last hour</h2>\n");
        html.Write($"<figure>\n");
        RatioChart.Write(html, view.History, DrawingColumns.Wide.Name, DrawingColumns.Wide.Width);
        RatioChart.Write(html, view.History, DrawingColumns.Narrow.Name, DrawingColumns.Narrow.Width);
        html.Write($"\n<figcaption>{RatioChart.Words(view.History)} Shaded: no data.</figcaption>\n");
        html.Write($"</figure>\n");
        html.Write($"</section>\n");
    }

    private static void WriteList(HtmlWriter html, IReadOnlyCollection<string> items)
    {
        const int Most = 12;
        if (items.Count == 0)
        {
            return;
        }

        html.Write($"<ul>\n");
        foreach (string item in items.Take(Most))
        {
            html.Write($"<li>{item}</li>\n");
        }

        if (items.Count > Most)
        {
            html.Write($"<li>and {items.Count - Most} more</li>\n");
        }

        html.Write($"</ul>\n");
    }
}
