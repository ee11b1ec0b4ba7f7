using System.Text;
using OvsOffload.Intent.Configuration;
using static OvsOffload.Tests.Intent.Configuration.ConfigurationTexts;

namespace OvsOffload.Tests.Intent.Configuration;

/// <summary>Files that are not text, not YAML, or YAML that a configuration does not use.</summary>
public sealed class ConfigurationTextTests
{
    [Theory]
    [InlineData("", "c.yaml:1:1: the file is empty; it needs at least \"version: 1\"")]
    [InlineData("# nothing yet\n", "c.yaml:1:1: the file is empty; it needs at least \"version: 1\"")]
    [InlineData("version: 1\n\tnics:\n", "c.yaml:2:1: tab character; YAML allows only spaces for indentation")]
    [InlineData("version: 1\n  \tnics:\n", "c.yaml:2:3: tab character; YAML allows only spaces for indentation")]
    [InlineData("version:\t1\n", "c.yaml:1:9: tab character; YAML allows only spaces for indentation")]
    [InlineData(
        "version: 1\n---\nversion: 1\n",
        "c.yaml:2:1: a second document starts here; a configuration is one document")]
    [InlineData(
        "version: &one 1\n",
        "c.yaml:1:10: YAML anchors and aliases (& and *) are not supported; write the value out")]
    [InlineData(
        "version: 1\nsafety: *one\n",
        "c.yaml:2:9: YAML anchors and aliases (& and *) are not supported; write the value out")]
    [InlineData("version: !!int 1\n", "c.yaml:1:10: the YAML tag \"tag:yaml.org,2002:int\" is not supported")]
    [InlineData("version: 1\n? [a]\n: b\n", "c.yaml:2:3: a key has to be a word; found a list")]
    [InlineData("version: 1\r\n\u0001", "c.yaml:2:1: control character 0x01; remove it")]
    [InlineData("version: \"\\UFFFFFFFF\"\n", "c.yaml:1:8: invalid YAML from here on")]
    [InlineData("version: !!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!02:00:0b']\n", "c.yaml:1:8: invalid YAML from here on")]
    [InlineData("- version\n", "c.yaml:1:1: the file: found a list; allowed: a mapping. It starts with \"version: 1\"")]
    [InlineData(
        "version\n",
        "c.yaml:1:1: the file: found \"version\"; allowed: a mapping. It starts with \"version: 1\"")]
    public void Each_mistake_is_one_error_with_its_position(string text, string error) =>
        Assert.Equal(error, Error(text));

    [Theory]
    [InlineData("version: 1\nnics: [\n")]
    [InlineData("version: 1: 2\n")]
    [InlineData("'version\n")]
    public void What_is_no_yaml_is_said_in_the_parsers_words(string text) =>
        Assert.Contains(": invalid YAML: While ", Error(text), StringComparison.Ordinal);

    [Fact]
    public void A_byte_that_is_not_utf8_is_named_with_its_place() =>
        Assert.Equal(
            "c.yaml:2:4: byte 0xff is not UTF-8; save the file as UTF-8",
            Assert.Single(Errors([.. "version: 1\n# \u00e9"u8, 0xff, .. "\n"u8])));

    [Fact]
    public void Utf16_is_named_as_such() =>
        Assert.Equal(
            "c.yaml:1:1: the file is UTF-16; save it as UTF-8",
            Assert.Single(Errors([.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("version: 1")])));

    [Fact]
    public void A_byte_order_mark_moves_no_position() =>
        Assert.StartsWith("c.yaml:1:10: version: found \"2\"", Error("\ufeffversion: 2\n"), StringComparison.Ordinal);

    [Fact]
    public void Tabs_are_allowed_in_comments() =>
        Assert.Empty(Parse("version: 1 #\tone\n#\ttwo\n").Nics);

    [Fact]
    public void Windows_line_ends_move_no_position() =>
        Assert.StartsWith(
            "c.yaml:2:1: unknown key \"vfs\"", Error("version: 1\r\nvfs: 2\r\n"), StringComparison.Ordinal);

    [Fact]
    public void A_file_above_one_mebibyte_is_refused_and_one_of_that_size_is_read()
    {
        string text = "version: 1\n#".PadRight(ConfigurationText.MaxBytes, 'x');

        Assert.Empty(Parse(text).Nics);
        Assert.Equal("c.yaml: the file is larger than 1048576 bytes (1 MiB)", Error(text + "x"));
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    public void Deep_nesting_is_refused_before_it_costs_a_stack(string opening) =>
        Assert.EndsWith(
            ": nested deeper than 16 levels",
            Error(string.Concat(Enumerable.Repeat(opening, 200_000))),
            StringComparison.Ordinal);

    [Fact]
    public void Quoted_file_content_is_short_and_free_of_control_characters()
    {
        string error = Error($"version: \"\\e[31m{new string('x', 500)}\"\n");

        Assert.Contains("found \"\\u001b[31mxxx", error, StringComparison.Ordinal);
        Assert.True(error.Length < 200, error);
    }
}
