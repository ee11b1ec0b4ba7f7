using System.Text.RegularExpressions;
using OvsOffload.Verifying;

namespace OvsOffload.Tests.Verifying;

public partial class ChecksTests
{
    /// <summary>The severities of the catalogue: F offload impossible, E broken, W degraded or risky, I info.</summary>
    private static readonly Dictionary<string, char> Catalogue = ("P01 F, P06 F, P07 F, P09 F, P10 E, "
        + "B01 F, B02 F, B03 F, B04 F, B05 F, B06 F, B07 E, B08 W, B09 W, B10 W, B11 W, B12 I, B13 W, B14 W, B15 E, B16 W, "
        + "B17 W, B18 F, B19 W, B20 W, B21 W, B22 I, B23 W, "
        + "N01 F, N02 F, N04 F, N06 F, N07 E, N10 F, N11 E, N12 E, N22 W, O01 F, O02 F, O03 F, O05 E, O27 W")
        .Split(", ").ToDictionary(row => row[..3], row => row[4]);

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
    [MemberData(nameof(Ids))]
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
