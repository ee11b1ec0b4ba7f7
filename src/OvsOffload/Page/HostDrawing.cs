using System.Collections.Immutable;
using OvsOffload.Status;

namespace OvsOffload.Page;

/// <summary>
/// The host as one drawing (SVG), from left to right as a packet of a guest goes: holders, functions, e-switch,
/// representors, bridges; uplinks and their bonds below. Pure; what it shows stands in words in the tables of the page.
/// </summary>
internal sealed class HostDrawing
{
    private const int BoxHeight = 24;

    private const int Pitch = 32;

    private readonly DrawingColumns _columns;
    private readonly HtmlWriter _cards = new();
    private readonly HtmlWriter _lines = new();
    private readonly HtmlWriter _boxes = new();
    private readonly List<(string Bridge, int Top)> _plugged = [];
    private readonly List<(string Bond, int Top)> _members = [];
    private int _top = 26;

    private HostDrawing(DrawingColumns columns) => _columns = columns;

    /// <summary>Writes the drawing of a host whose cards are known.</summary>
    public static void Write(HtmlWriter html, HostPicture host, DrawingColumns columns)
    {
        var drawing = new HostDrawing(columns);
        drawing.Headings();
        foreach (CardPicture card in host.Cards.ValueOr([]))
        {
            drawing.Card(card);
        }

        drawing.Bonds(host.Bonds.ValueOr([]));
        drawing.Bridges();
        string name = columns.Name;
        html.Write($"<svg class=\"{name}\" viewBox=\"0 0 {columns.Width} {drawing._top}\" role=\"img\" ");
        html.Write($"aria-labelledby=\"{name}-title {name}-desc\"><title id=\"{name}-title\">{Title(host)}</title>");
        html.Write($"<desc id=\"{name}-desc\">{DrawingText.Of(host)}</desc>");
        html.Add(drawing._cards);
        html.Add(drawing._lines);
        html.Add(drawing._boxes);
        html.Write($"</svg>");
    }

    private static string Title(HostPicture host) => $"Network cards, functions and bridges of {host.Name}";

    private void Headings()
    {
        Heading(_columns.Holder, "in use by");
        Heading(_columns.Card, "card");
        Heading(_columns.Representor, _columns.IsNarrow ? "repr." : "representors");
        Heading(_columns.Bridge, "bridge");
    }

    private void Heading(Column column, string words) => _boxes.Write(
        $"<text class=\"heading\" x=\"{column.Middle}\" y=\"14\">{words}</text>");

    private void Card(CardPicture card)
    {
        int begin = _top;
        Text("strong", _columns.Card.Middle, _top + 19, _columns.Fit(card.Model, _columns.Card.Width));
        _top += 30;
        foreach (PfPicture pf in card.Pfs)
        {
            Pf(pf);
        }

        Column column = _columns.Card;
        _cards.Write($"<rect class=\"card\" x=\"{column.Left}\" y=\"{begin}\" width=\"{column.Width}\" ");
        _cards.Write($"height=\"{_top - begin}\" rx=\"8\"/>");
        _top += 18;
    }

    private void Pf(PfPicture pf)
    {
        Text("name", _columns.Card.Middle, _top + 12, pf.Address);
        Text("note", _columns.Card.Middle, _top + 27, $"{pf.Mode ?? "unreadable"}, {DrawingText.Vfs(pf)}");
        _top += 36;
        int begin = _top;
        ImmutableArray<FunctionGroup> groups = FunctionGroup.Of(pf);
        foreach (FunctionGroup group in groups)
        {
            Group(group);
        }

        Uplink(pf);
        Column column = _columns.Eswitch;
        int height = _top - begin - (Pitch - BoxHeight);
        string kind = pf.Mode is null ? "eswitch unreadable" : pf.Mode == "switchdev" ? "eswitch" : "eswitch off";
        _boxes.Write($"<g><title>e-switch of {pf.Address}: {pf.Mode ?? "could not be read"}</title>");
        _boxes.Write($"<rect class=\"{kind}\" x=\"{column.Left}\" y=\"{begin}\" width=\"{column.Width}\" ");
        _boxes.Write($"height=\"{height}\" rx=\"4\"/></g>");
        Text("note", column.Middle, begin + height / 2 + 4, Eswitch(pf));
        _top += 6;
    }

    private string Eswitch(PfPicture pf) => (_columns.IsNarrow, pf.Mode) switch
    {
        (true, "unsupported" or InventoryDocument.NoDriver) => "none",
        (true, _) => "e-sw",
        (_, "unsupported") => "no e-switch",
        (_, InventoryDocument.NoDriver) => InventoryDocument.NoDriver,
        _ => "e-switch",
    };

    private void Group(FunctionGroup group)
    {
        string holder = group.Holder.ToString().ToLowerInvariant();
        Line("line", _columns.Holder.Right, _columns.Function.Left);
        Line("line", _columns.Function.Right, _columns.Eswitch.Left);
        Box(_columns.Holder, $"holder {holder}", group.HolderLabel, group.HolderDetail);
        Box(_columns.Function, "function", group.Label, group.Detail);
        Line(LineOf(group.State), _columns.Eswitch.Right, _columns.Representor.Left);
        Box(
            _columns.Representor, $"device {group.State.ToString().ToLowerInvariant()}",
            _columns.IsNarrow && group.State == RepresentorState.None ? "none" : group.Representor,
            $"{group.Detail}: {group.Representor}, {DrawingText.State(group.State)}");
        DrawBridgeLink(group.Bridge);
        _top += Pitch;
    }

    private void Uplink(PfPicture pf)
    {
        string state = pf.Uplink is not { } device ? "none" : !device.Up ? "down" : device.Carrier ? "up" : "nocarrier";
        Line(state == "up" ? "uplink" : "line broken", _columns.Eswitch.Right, _columns.Representor.Left);
        Box(
            _columns.Representor, $"device {state}", pf.Uplink?.Name ?? "no uplink",
            $"uplink of {pf.Address}: "
                + (pf.Uplink is null ? "no device in this namespace" : $"{pf.Uplink.Name}, {pf.Uplink.State}"));
        if (pf.Bond is { } bond)
        {
            _members.Add((bond, _top));
        }
        else
        {
            DrawBridgeLink(pf.Bridge);
        }

        _top += Pitch;
    }

    private void Bonds(ImmutableArray<BondPicture> bonds)
    {
        int lane = 0;
        foreach (BondPicture bond in bonds)
        {
            int[] members = [.. _members.Where(member => member.Bond == bond.Name).Select(member => member.Top)];
            if (members.Length == 0)
            {
                continue;
            }

            int channel = _columns.Channel + 5 * (lane++ % 3) - 5;
            int middle = _top + BoxHeight / 2;
            foreach (int member in members)
            {
                int from = member + BoxHeight / 2;
                _lines.Write($"<path class=\"uplink\" d=\"M{_columns.Representor.Right} {from}H{channel}V{middle}");
                _lines.Write($"H{_columns.Representor.Right}\"/>");
            }

            var box = new Column(_columns.Card.Left, _columns.Representor.Right - _columns.Card.Left);
            string words = $"{bond.Name}, {bond.Mode ?? "mode unknown"}, VF-LAG {bond.VfLag}";
            string narrow = $"{bond.Name}, VF-LAG {bond.VfLag}";
            Box(
                box, $"bond {bond.VfLag}", _columns.IsNarrow ? narrow : words,
                $"{words}; {bond.Active} of {bond.Members.Length} members active; {bond.VfLagText}");
            DrawBridgeLink(bond.Bridge);
            _top += Pitch;
        }
    }

    /// <summary>
    /// A bridge is drawn once, along all that is plugged into it, unless another one lies in between.
    /// </summary>
    private void Bridges()
    {
        for (int i = 0; i < _plugged.Count; i++)
        {
            (string bridge, int begin) = _plugged[i];
            while (i + 1 < _plugged.Count && _plugged[i + 1].Bridge == bridge)
            {
                i++;
            }

            Column column = _columns.Bridge;
            int height = _plugged[i].Top + BoxHeight - begin;
            _boxes.Write($"<g><title>bridge {bridge}</title><rect class=\"bridge\" x=\"{column.Left}\" y=\"{begin}\" ");
            _boxes.Write($"width=\"{column.Width}\" height=\"{height}\" rx=\"4\"/></g>");
            Text("name", column.Middle, begin + height / 2 + 4, _columns.Fit(bridge, column.Width));
        }
    }

    private void DrawBridgeLink(string? bridge)
    {
        if (bridge is not null)
        {
            Line("line", _columns.Representor.Right, _columns.Bridge.Left);
            _plugged.Add((bridge, _top));
        }
    }

    private static string LineOf(RepresentorState state) => state switch
    {
        RepresentorState.Up or RepresentorState.Various => "line",
        RepresentorState.None => "line dashed",
        _ => "line broken",
    };

    private void Line(string kind, int from, int to)
    {
        int middle = _top + BoxHeight / 2;
        _lines.Write($"<path class=\"{kind}\" d=\"M{from} {middle}H{to}\"/>");
    }

    private void Box(Column column, string kind, string words, string detail)
    {
        _boxes.Write($"<g><title>{detail}</title><rect class=\"{kind}\" x=\"{column.Left}\" y=\"{_top}\" ");
        _boxes.Write($"width=\"{column.Width}\" height=\"{BoxHeight}\" rx=\"4\"/>");
        Text("name", column.Middle, _top + 16, _columns.Fit(words, column.Width));
        _boxes.Write($"</g>");
    }

    private void Text(string kind, int x, int y, string words) =>
        _boxes.Write($"<text class=\"{kind}\" x=\"{x}\" y=\"{y}\">{words}</text>");
}
