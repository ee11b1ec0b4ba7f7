using System.Security.Cryptography;
using System.Text;

namespace OvsOffload.Page;

/// <summary>
/// The style of the page, which stands in it. Text has a contrast of 4.5 and more against what it stands on, light and
/// dark (WCAG 2.2, 1.4.3); nothing is told by colour alone.
/// </summary>
internal static class PageStyle
{
    /// <summary>For the Content-Security-Policy: SHA-256 of the style, base64.</summary>
    public static string Hash { get; } = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)));

    private const string Style = """

        :root { color-scheme: light dark; --back: #fff; --ink: #1b1f24; --soft: #4d5866; --rule: #c9d1da;
          --panel: #f4f6f8; --link: #0b57a4; --line: #6b7785; --fast: #0a7a3d; --red: #b3261e;
          --amber: #7a4b00; --blue: #0b57a4;
          --guest: #d8e6fb; --container: #e9defa; --claim: #d5efee; --host: #f3e3cb; --free: #fff; --eswitch: #e3f3e8;
          --badred: #fbe3e1; }
        @media (prefers-color-scheme: dark) {
          :root { --back: #14181d; --ink: #e8ecf1; --soft: #aeb8c4; --rule: #3a434e; --panel: #1c2229; --link: #86b9f5;
            --line: #8794a3; --fast: #5ccf8f; --red: #ff9c93; --amber: #f2c063; --blue: #86b9f5; --guest: #1e3a5f;
            --container: #3b2a5c; --claim: #17484a; --host: #4d3a1c; --free: #14181d; --eswitch: #173a27;
            --badred: #4d1f1c; }
        }
        * { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 72rem; padding: 0 1rem 2rem; background: var(--back); color: var(--ink);
          font: 1rem/1.45 system-ui, sans-serif; }
        h1 { font-size: 1.6rem; margin: 1rem 0 .3rem; overflow-wrap: anywhere; }
        h2 { font-size: 1.15rem; margin: 1.6rem 0 .5rem; }
        header p { margin: .2rem 0; color: var(--soft); }
        a { color: var(--link); }
        ul { margin: .4rem 0; padding-left: 1.2rem; }
        li { overflow-wrap: anywhere; }
        code { font: .92em ui-monospace, monospace; }
        footer { margin-top: 2rem; border-top: 1px solid var(--rule); color: var(--soft); font-size: .9rem; }
        .unread { margin-top: 1rem; border-left: 4px solid var(--red); background: var(--badred);
          padding: .1rem 1rem .5rem; }
        .unread h2 { margin-top: .6rem; }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .7rem; margin: 0; }
        .tiles div { background: var(--panel); border: 1px solid var(--rule); border-radius: 8px;
          padding: .6rem .8rem; }
        dt { color: var(--soft); font-size: .9rem; }
        dd { margin: 0; font-size: .9rem; color: var(--soft); overflow-wrap: anywhere; }
        dd.value { font-size: 1.45rem; color: var(--ink); line-height: 1.25; }
        figure { margin: 0; }
        figcaption { color: var(--soft); font-size: .9rem; margin-top: .3rem; }
        svg { display: block; width: 100%; height: auto; }
        svg.narrow { display: none; }
        @media (max-width: 699px) { svg.wide { display: none; } svg.narrow { display: block; } }
        svg text { fill: var(--ink); font: 12px system-ui, sans-serif; text-anchor: middle; }
        svg text.name { font-family: ui-monospace, monospace; }
        svg text.strong { font-weight: 600; font-size: 13px; }
        svg.narrow text { font-size: 10px; }
        svg text.heading, svg text.note, svg text.axis { fill: var(--soft); font-size: 11px; }
        svg.narrow text.heading, svg.narrow text.note, svg.narrow text.axis { font-size: 9.5px; }
        svg text.end { text-anchor: end; }
        svg text.start { text-anchor: start; }
        rect { stroke: var(--line); fill: var(--back); }
        rect.card { fill: var(--panel); stroke: var(--rule); }
        rect.guest { fill: var(--guest); }
        rect.container { fill: var(--container); }
        rect.claim { fill: var(--claim); }
        rect.holder.host { fill: var(--host); }
        rect.free, rect.elsewhere, rect.none { fill: var(--free); stroke-dasharray: 3 3; }
        rect.unknown, rect.unreadable { fill: var(--badred); stroke: var(--red); stroke-dasharray: 3 3; }
        rect.eswitch { fill: var(--eswitch); stroke: var(--fast); }
        rect.eswitch.off { fill: var(--free); stroke: var(--line); stroke-dasharray: 3 3; }
        rect.device.up, rect.bond.active { stroke: var(--fast); stroke-width: 1.5; }
        rect.device.down, rect.device.nocarrier, rect.bond.inactive { stroke: var(--red); stroke-dasharray: 3 3; }
        rect.bridge { fill: var(--guest); }
        path { fill: none; stroke: var(--line); stroke-width: 1.3; }
        path.uplink { stroke: var(--fast); stroke-width: 2; }
        path.dashed { stroke-dasharray: 2 3; }
        path.broken { stroke: var(--red); stroke-dasharray: 2 3; }
        path.grid { stroke: var(--rule); stroke-width: 1; }
        path.share { stroke: var(--blue); stroke-width: 2; }
        circle.share { fill: var(--blue); }
        rect.gap { fill: var(--red); fill-opacity: .22; stroke: none; }
        .table { overflow: auto; max-height: 32rem; border: 1px solid var(--rule); border-radius: 8px; }
        table { border-collapse: collapse; width: 100%; font-size: .9rem; }
        caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
          white-space: nowrap; }
        th, td { text-align: left; vertical-align: top; padding: .35rem .7rem; border-top: 1px solid var(--rule); }
        thead th { position: sticky; top: 0; background: var(--panel); border-top: 0; white-space: nowrap; }
        tbody th { font-weight: 600; white-space: nowrap; }
        td { min-width: 6rem; overflow-wrap: break-word; }
        td.words { min-width: 13rem; }
        .badge { display: inline-block; border: 1px solid currentColor; border-radius: 4px; padding: 0 .4rem; }
        .error { color: var(--red); }
        .warning { color: var(--amber); }
        .info { color: var(--blue); }
        abbr { text-decoration: none; }
        :focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
        @page { margin: 12mm; }
        @media print {
          :root { --back: #fff; --ink: #000; --soft: #333; --rule: #999; --panel: #fff; --link: #000; --free: #fff; }
          :root { font-size: 9pt; }
          body { max-width: none; padding: 0; }
          .table { overflow: visible; max-height: none; border: 0; }
          thead th { position: static; }
          th, td { padding: .15rem .4rem; font-size: 8pt; }
          td, td.words { min-width: 0; }
          h2 { break-after: avoid; }
          tbody tr:first-child { break-before: avoid; }
          section, figure, tr { break-inside: avoid; }
          section:has(table) { break-inside: auto; }
          svg.wide { display: block; }
          svg.narrow { display: none; }
          footer { display: none; }
        }

        """;

    /// <summary>Writes it, exactly as it was hashed.</summary>
    public static void Write(HtmlWriter html) => html.Raw($"<style>{Style}</style>\n");
}
