using System.Text.RegularExpressions;
using OvsOffload.Verifying;

namespace OvsOffload.Tests.Verifying;

public partial class ChecksTests
{
    /// <summary>
    /// The severities of the catalogue: F offload impossible, E broken, W degraded or risky, I info. O09 and O35 are
    /// info here: every healthy host has such flows. Checks beyond it, which operators asked for, have no other source
    /// than themselves.
    /// </summary>
    private static readonly Dictionary<string, char> Catalogue = ("P01 F, P02 W, P03 F, P04 F, P05 F, P06 F, P07 F, "
        + "P08 W, P09 F, P10 E, P11 E, P12 W, P13 I, P14 W, P15 W, "
        + "P16 W, P17 F, P18 E, P19 E, P20 W, "
        + "B01 F, B02 F, B03 F, B04 F, B05 F, B06 F, B07 E, B08 W, B09 W, B10 W, B11 W, B12 I, B13 W, B14 W, B15 E, "
        + "B16 W, "
        + "B17 W, B18 F, B19 W, B20 W, B21 W, B22 I, B23 W, B24 E, "
        + "N01 F, N02 F, N03 F, N04 F, N05 F, N06 F, N07 E, N08 W, N09 E, N10 F, N11 E, N12 E, N13 W, N14 E, N15 F, "
        + "N16 W, N17 W, N18 W, N19 W, N20 E, N21 W, N22 W, N23 E, N24 W, N25 W, N26 W, N27 W, N28 E, N29 E, N30 W, "
        + "N31 W, "
        + "O01 F, O02 F, O03 F, O04 E, O05 E, O06 E, O07 E, O08 E, O09 I, O10 E, O11 E, O12 E, O13 E, O14 E, O15 E, "
        + "O16 W, O17 E, O18 E, O19 E, O20 E, O21 W, O22 W, O23 W, O24 W, O25 W, O26 W, O27 W, O28 W, O29 W, O30 W, "
        + "O31 W, O32 W, O33 W, O34 W, O35 I")
        .Split(", ").ToDictionary(row => row[..3], row => row[4]);

    public static TheoryData<string> Catalogued => [.. Catalogue.Keys];

    public static TheoryData<string> Ids => [.. Checks.All.Select(check => check.Info.Id)];

    [Fact]
    public void Checks_stand_in_order_of_their_ids_and_none_twice()
    {
        string[] ids = [.. Checks.All.Select(check => check.Info.Id)];

        Assert.Equal(ids.Distinct().Order(StringComparer.Ordinal), ids);
        Assert.Equal(ids.Length, Checks.All.Select(check => check.Info.Slug).Distinct().Count());
    }

    [Fact]
    public void Every_check_of_the_library_is_in_the_list()
    {
        Type[] written =
            [.. typeof(Check).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Check)) && !type.IsAbstract)];

        Assert.Equal(
            written.Select(type => type.Name).Order(StringComparer.Ordinal),
            Checks.All.Select(check => check.GetType().Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_slug_is_words_in_kebab_case(string id) => Assert.Matches(Kebab(), Checks.Find(id)!.Info.Slug);

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_class_is_named_after_the_id_and_the_words_of_the_slug(string id)
    {
        Check check = Checks.Find(id)!;
        IEnumerable<string> words =
            check.Info.Slug.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]);

        Assert.Equal(id + string.Concat(words), check.GetType().Name);
    }

    [Theory]
    [MemberData(nameof(Catalogued))]
    public void A_severity_is_that_of_the_catalogue(string id) => Assert.Equal(
        Catalogue[id] switch
        {
            'F' or 'E' => CheckSeverity.Error,
            'W' => CheckSeverity.Warning,
            _ => CheckSeverity.Info,
        },
        Checks.Find(id)!.Info.Severity);

    [Theory]
    [MemberData(nameof(Ids))]
    public void An_explanation_is_long_and_free_of_links(string id)
    {
        string explanation = Checks.Find(id)!.Info.Explanation;

        Assert.True(explanation.Length > 300, $"only {explanation.Length} letters");
        Assert.DoesNotContain("http", explanation, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("www.", explanation, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("n10")]
    [InlineData("N10")]
    [InlineData("hw-tc-offload-off")]
    public void A_check_is_found_by_id_and_by_slug(string word) => Assert.Equal("N10", Checks.Find(word)?.Info.Id);

    [Fact]
    public void No_check_is_found_by_another_word() => Assert.Null(Checks.Find("N99"));

    [GeneratedRegex("^[a-z][a-z0-9]*(-[a-z0-9]+)+$")]
    private static partial Regex Kebab();
}
