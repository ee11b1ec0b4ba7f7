using System.Text.RegularExpressions;
using System.Xml.Linq;
using OvsOffload.Host;
using OvsOffload.Os;
using OvsOffload.Page;

namespace OvsOffload.Tests.Page;

public sealed partial class StatusPageTests
{
    private const string Hostile = "\"><script>alert(1)</script>'&<b x=\u0007";

    [Fact]
    public void No_name_of_a_host_becomes_markup()
    {
        HostState host = SampleView.Bonded() with { HostName = Hostile };
        host = host
            .WithHolder(0, HolderKind.Vfio, Hostile)
            .WithRepresentor(1, device => device with { Name = Hostile })
            .WithDevice(SampleHost.Uplink, device => device with { Name = Hostile })
            .WithVf(3, vf => vf with { Holder = Reading.Failed<Holder>(Hostile), Driver = Hostile })
            .WithBridges(SampleHost.BridgeOf(Hostile, "bond0", SampleHost.RepresentorName(2)));
        host = host with
        {
            Bonds = host.Bonds.Map(bonds => bonds.SetItem(
                0, bonds[0] with { VfLag = VfLag.Inactive(Hostile, Hostile) })),
        };
        PageView view = SampleView.Of(host) with
        {
            StatusLine = Hostile,
            Objections = [Hostile],
            History = [new RatioPoint(TimeSpan.FromMinutes(1), null, Hostile)],
        };

        string page = StatusPage.Of(view);

        Assert.DoesNotContain("<script", page);
        Assert.DoesNotContain("\u0007", page);
        Assert.DoesNotContain("<b ", page);
        Assert.Contains("&lt;script&gt;alert(1)", page);
        Assert.Equal(Structure(StatusPage.Of(SampleView.Of(SampleView.Bonded()))).Order().Distinct(),
            Structure(page).Order().Distinct());
        Parse(page);
    }

    [Theory]
    [InlineData("bonded")]
    [InlineData("big")]
    [InlineData("legacy")]
    [InlineData("no-eswitch")]
    [InlineData("bare")]
    [InlineData("unread")]
    public void Every_page_is_well_formed_and_loads_nothing(string name)
    {
        string page = StatusPage.Of(View(name));

        XDocument document = Parse(page);
        Assert.DoesNotMatch(@"(src|href)=""(?!/|#|data:,"")", page);
        Assert.DoesNotContain("style=\"", page);
        string[] ids = [.. document.Descendants().Attributes("id").Select(id => id.Value)];
        Assert.Equal(ids.Distinct(), ids);
        Assert.All(
            document.Descendants().Attributes("aria-labelledby").SelectMany(names => names.Value.Split(' ')),
            label => Assert.Contains(label, ids));
    }

    [Fact]
    public void Headings_come_in_order_and_every_drawing_has_words()
    {
        XDocument document = Parse(StatusPage.Of(View("bonded")));

        Assert.Equal("h1", document.Descendants().First(one => Heading().IsMatch(one.Name.LocalName)).Name.LocalName);
        Assert.Single(document.Descendants("h1"));
        Assert.DoesNotContain(document.Descendants(), one => one.Name.LocalName is "h3" or "h4");
        Assert.All(document.Descendants("svg"), drawing =>
        {
            Assert.Equal("img", drawing.Attribute("role")?.Value);
            Assert.NotEqual("", drawing.Element("title")?.Value);
        });
        Assert.Contains("VF-LAG active", document.Descendants("desc").First().Value);
    }

    [Fact]
    public void What_could_not_be_read_is_said_and_shows_no_number()
    {
        string page = StatusPage.Of(SampleView.Unread());

        Assert.Contains("ovs-vswitchd does not accept connections", page);
        Assert.Contains("it has not been read, or its last reading failed", page);
        Assert.DoesNotContain("0 errors", page);
        Assert.DoesNotContain("<dd", page);
    }

    [Fact]
    public void Unreadable_NICs_and_VFs_are_failures_and_no_empty_host()
    {
        string nics = StatusPage.Of(SampleView.Of(SampleHost.ConnectX6Dx().WithUnreadFunctions("EIO")));
        string vfs = StatusPage.Of(SampleView.Of(SampleHost.ConnectX6Dx(0).WithPf(pf => pf with
        {
            VfCount = Reading.Failed<int>("sriov_numvfs: EIO"),
        })));

        Assert.Contains("Cannot read the NICs: EIO.", nics);
        Assert.Contains("VFs unreadable", vfs);
        Assert.DoesNotContain("0 VFs", vfs);
    }

    [Fact]
    public void A_host_without_NIC_says_so() =>
        Assert.Contains("This host has no NIC with a physical function", StatusPage.Of(View("bare")));

    [Fact]
    public void Many_VFs_share_lines_of_the_drawing_and_stand_in_the_table_one_by_one()
    {
        PageView view = View("big");
        var drawing = new HtmlWriter();
        HostDrawing.Write(drawing, view.Host.Value, DrawingColumns.Wide);

        XElement[] boxes = [.. XDocument.Parse(drawing.ToString()).Descendants("rect")];
        Assert.InRange(boxes.Length, 10, 60);
        Assert.Contains("119 guests", drawing.ToString());
        Assert.Contains("vf0-vf4, vf6-vf119", drawing.ToString());
        XDocument page = Parse(StatusPage.Of(view));
        XElement table = page.Descendants("table")
            .Single(one => one.Element("caption")?.Attribute("id")?.Value == "functions-caption");
        Assert.Equal(
            view.Host.Value.Cards.Value.Sum(card => card.Pfs.Sum(pf => Math.Max(1, pf.Functions.Length))),
            table.Element("tbody")!.Elements("tr").Count());
    }

    [Theory]
    [InlineData("Wide", "no representor")]
    [InlineData("Narrow", "none")]
    public void In_legacy_mode_no_function_has_a_representor_and_no_name_of_one_is_cut(string columns, string words)
    {
        var drawing = new HtmlWriter();
        HostDrawing.Write(
            drawing, View("legacy").Host.Value, columns == "Wide" ? DrawingColumns.Wide : DrawingColumns.Narrow);

        XElement svg = XDocument.Parse(drawing.ToString()).Root!;
        Assert.Equal(8, svg.Descendants("text").Count(text => text.Value == words));
        Assert.Equal(8, svg.Descendants("path").Count(path => path.Attribute("class")?.Value == "line dashed"));
    }

    [Fact]
    public void Ports_of_one_card_are_one_card() =>
        Assert.Equal(2, Assert.Single(View("bonded").Host.Value.Cards.Value).Pfs.Length);

    internal static PageView View(string name) => name switch
    {
        "bonded" => SampleView.Of(SampleView.Bonded()),
        "big" => SampleView.Of(SampleView.Big()),
        "legacy" => SampleView.Of(SampleHost.Legacy(vfs: 8)
            .WithHolder(0, HolderKind.Vfio, "qemu-system-x86 (pid 4242) has /dev/vfio/17 open").WithSecondPort()),
        "no-eswitch" => SampleView.Of(SampleHost.I350()),
        "bare" => SampleView.Of(SampleHost.Bare()),
        _ => SampleView.Unread(),
    };

    /// <summary>HTML whose void elements are closed is XML.</summary>
    private static XDocument Parse(string page) => XDocument.Parse(VoidElement().Replace(page, "<$1$2/>")
        .Replace("<!DOCTYPE html>", "", StringComparison.Ordinal));

    private static IEnumerable<string> Structure(string page) => Tag().Matches(page).Select(tag => tag.Value);

    [GeneratedRegex("<(meta|link)([^>]*)>")]
    private static partial Regex VoidElement();

    [GeneratedRegex("</?[a-zA-Z0-9]+")]
    private static partial Regex Tag();

    [GeneratedRegex("^h[1-6]$")]
    private static partial Regex Heading();
}
