using OvsOffload.Intent.Configuration;

namespace OvsOffload.Tests.Intent.Configuration;

public sealed class NearestWordTests
{
    [Theory]
    [InlineData("vfs", "vfs", 0)]
    [InlineData("", "vfs", 3)]
    [InlineData("vsf", "vfs", 1)]
    [InlineData("swichdev", "switchdev", 1)]
    [InlineData("ca", "abc", 3)]
    public void A_swap_of_neighbours_is_one_mistake(string from, string to, int distance) =>
        Assert.Equal(distance, NearestWord.Distance(from, to));

    [Theory]
    [InlineData("mod", "mode")]
    [InlineData("vf_macs", "vf-macs")]
    [InlineData("VFS", "vfs")]
    [InlineData("zzz", null)]
    [InlineData("x", null)]
    public void Only_a_word_that_is_near_is_proposed(string word, string? nearest) =>
        Assert.Equal(nearest, NearestWord.Find(word, ["vfs", "vf-macs", "mode"]));

    [Fact]
    public void Where_no_word_is_known_none_is_near() => Assert.Null(NearestWord.Find("vfs", []));
}
