using System.Collections.Immutable;
using OvsOffload.Os;
using OvsOffload.Verifying;

namespace OvsOffload.Page;

/// <summary>The tables of the page: the checks, and the host in words. Pure.</summary>
internal static class PageTables
{
    /// <summary>The worst findings that are shown; <c>verify</c> shows all.</summary>
    private const int MaxFindings = 15;

    /// <summary>What the checks found, the worst first.</summary>
    public static void WriteChecks(HtmlWriter html, Reading<VerifyReport> checks)
    {
        html.Write($"<section>\n<h2 id=\"checks\">Checks</h2>\n");
        if (!checks.TryGet(out VerifyReport? report))
        {
            html.Write($"<p>Unknown: {checks.Why}.</p>\n</section>\n");
            return;
        }

        Finding[] found = [.. report.Findings.Where(one => one.IsFound).OrderByDescending(one => one.Status)];
        string words = $"{StatusPage.Count(report.Count(FindingStatus.Error), "error")}, "
            + $"{StatusPage.Count(report.Count(FindingStatus.Warning), "warning")}, "
            + $"{StatusPage.Count(report.Count(FindingStatus.Info), "note")}, {report.Count(FindingStatus.Ok)} ok, "
            + $"{report.Count(FindingStatus.Skipped)} not checked";
        html.Write($"<p>{words}. Details: <code>ovs-offload verify</code>.</p>\n");
        if (found.Length > 0)
        {
            Begin(
                html, "checks", "Findings, worst first", "Severity", "Check", "Object", "Finding", "Fix");
            foreach (Finding finding in found.Take(MaxFindings))
            {
                string severity = VerifyDocument.Name(finding.Status);
                html.Write($"<tr><td><span class=\"badge {severity}\">{severity}</span></td>");
                html.Write($"<th scope=\"row\"><abbr title=\"{finding.Check.Slug}\">{finding.Check.Id}</abbr></th>");
                html.Write($"<td>{finding.Object}</td><td class=\"words\">{finding.Title}</td>");
                html.Write($"<td class=\"words\">{finding.Fix}</td></tr>\n");
            }

            End(html);
        }

        if (found.Length > MaxFindings)
        {
            html.Write($"<p>{found.Length - MaxFindings} more not shown.</p>\n");
        }

        html.Write($"</section>\n");
    }

    /// <summary>The host.</summary>
    public static void WriteHost(HtmlWriter html, HostPicture host)
    {
        WriteFunctions(html, host);
        WriteBonds(html, host.Bonds);
        WriteBridges(html, host.Bridges);
    }

    private static void WriteFunctions(HtmlWriter html, HostPicture host)
    {
        ImmutableArray<CardPicture> cards = host.Cards.ValueOr([]);
        if (cards.IsEmpty)
        {
            return;
        }

        html.Write($"<section>\n<h2 id=\"pfs\">Physical functions</h2>\n");
        Begin(
            html, "pfs", "Physical functions", "PF", "Uplink", "Model", "Firmware", "Mode", "VFs", "Bond or bridge");
        foreach (CardPicture card in cards)
        {
            foreach (PfPicture pf in card.Pfs)
            {
                html.Write($"<tr><th scope=\"row\">{pf.Address}</th><td>{Words(pf.Uplink)}</td><td>{card.Model}</td>");
                html.Write($"<td>{pf.Firmware ?? "-"}</td><td>{pf.Mode ?? "unreadable"}</td>");
                html.Write($"<td>{Vfs(pf)}</td><td>{pf.Bond ?? pf.Bridge ?? "-"}</td></tr>\n");
            }
        }

        End(html);
        html.Write($"</section>\n<section>\n<h2 id=\"functions\">Functions</h2>\n");
        Begin(
            html, "functions", "Functions, their users and representors", "Function", "Address", "Driver",
            "In use by", "Representor", "State", "Bridge");
        foreach (CardPicture card in cards)
        {
            foreach (PfPicture pf in card.Pfs)
            {
                Functions(html, pf);
            }
        }

        End(html);
        html.Write($"</section>\n");
    }

    private static void Functions(HtmlWriter html, PfPicture pf)
    {
        foreach (FunctionPicture function in pf.Functions)
        {
            string held = function.HolderText.Length == 0
                ? FunctionGroup.Word(function.Holder)
                : $"{FunctionGroup.Word(function.Holder)}: {function.HolderText}";
            string name = function.Representor.Match(device => device.Name, _ => "none", _ => "unreadable");
            string state = function.Representor.Match(device => device.State, _ => "-", why => why);
            html.Write($"<tr><th scope=\"row\">{pf.Address} {function.Name}</th><td>{function.Address ?? "-"}</td>");
            html.Write($"<td>{function.Driver ?? "-"}</td><td class=\"words\">{held}</td>");
            html.Write($"<td>{name}</td><td>{state}</td>");
            html.Write($"<td>{function.Bridge ?? "-"}</td></tr>\n");
        }

        if (pf.Functions.IsEmpty)
        {
            html.Write($"<tr><th scope=\"row\">{pf.Address}</th><td colspan=\"6\">{DrawingText.Vfs(pf)}</td></tr>\n");
        }
    }

    private static void WriteBonds(HtmlWriter html, Reading<ImmutableArray<BondPicture>> bonds)
    {
        if (bonds.ValueOr([]).IsEmpty)
        {
            return;
        }

        html.Write($"<section>\n<h2 id=\"bonds\">Bonds</h2>\n");
        Begin(html, "bonds", "Bonds", "Bond", "Mode", "Members", "Active", "VF-LAG", "Bridge");
        foreach (BondPicture bond in bonds.Value)
        {
            html.Write($"<tr><th scope=\"row\">{bond.Name}</th><td>{bond.Mode ?? "unknown"}</td>");
            html.Write($"<td>{string.Join(", ", bond.Members)}</td><td>{bond.Active} of {bond.Members.Length}</td>");
            html.Write($"<td class=\"words\">{bond.VfLagText}</td><td>{bond.Bridge ?? "-"}</td></tr>\n");
        }

        End(html);
        html.Write($"</section>\n");
    }

    private static void WriteBridges(HtmlWriter html, Reading<ImmutableArray<BridgePicture>> bridges)
    {
        if (bridges.ValueOr([]).IsEmpty)
        {
            return;
        }

        html.Write($"<section>\n<h2 id=\"bridges\">Bridges</h2>\n");
        Begin(html, "bridges", "Open vSwitch bridges", "Bridge", "Datapath", "Ports");
        foreach (BridgePicture bridge in bridges.Value)
        {
            html.Write($"<tr><th scope=\"row\">{bridge.Name}</th><td>{bridge.Datapath}</td>");
            html.Write($"<td>{bridge.Ports}</td></tr>\n");
        }

        End(html);
        html.Write($"</section>\n");
    }

    private static string Words(DevicePicture? device) => device is null ? "none" : $"{device.Name}, {device.State}";

    private static string Vfs(PfPicture pf)
    {
        string wanted = pf.VfsDesired is { } desired ? $", {desired} configured" : "";
        string limit = pf.VfLimit.Match(most => $", limit {most}", _ => "", _ => ", limit unreadable");
        return pf.Vfs.Match(count => $"{count}{wanted}{limit}", _ => "no SR-IOV", _ => $"unreadable{wanted}{limit}");
    }

    /// <summary>A table too wide or too long for the screen scrolls by itself, by keyboard too.</summary>
    private static void Begin(HtmlWriter html, string id, string caption, params string[] headings)
    {
        html.Write($"<div class=\"table\" role=\"region\" aria-labelledby=\"{id}-caption\" tabindex=\"0\">\n<table>\n");
        html.Write($"<caption id=\"{id}-caption\">{caption}</caption>\n<thead><tr>");
        foreach (string heading in headings)
        {
            html.Write($"<th scope=\"col\">{heading}</th>");
        }

        html.Write($"</tr></thead>\n<tbody>\n");
    }

    private static void End(HtmlWriter html) => html.Write($"</tbody>\n</table>\n</div>\n");
}
