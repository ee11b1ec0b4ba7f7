using OvsOffload.Intent.Configuration;

namespace OvsOffload.Tests.Intent.Configuration;

public sealed class SuggestionTests
{
    [Theory]
    [InlineData("vfs", "vfs", 0)]
    [InlineData("", "vfs", 3)]
    [InlineData("vsf", "vfs", 1)]
    [InlineData("swichdev", "switchdev", 1)]
    [InlineData("ca", "abc", 3)]
    public void A_swap_of_neighbours_is_one_mistake(string from, string to, int distance) =>
        Assert.Equal(distance, Suggestion.Distance(from, to));

    [Theory]
    [InlineData("mod", "mode")]
    [InlineData("vf_macs", "vf-macs")]
    [InlineData("VFS", "vfs")]
    [InlineData("zzz", null)]
    [InlineData("x", null)]
    public void Only_a_similar_word_is_suggested(string word, string? nearest) =>
        Assert.Equal(nearest, Suggestion.Find(word, ["vfs", "vf-macs", "mode"]));

    [Fact]
    public void Without_known_words_nothing_is_suggested() => Assert.Null(Suggestion.Find("vfs", []));
}
