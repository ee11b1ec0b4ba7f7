using System.Text.Json;
using OvsOffload.Os;

namespace OvsOffload.Tests.Os;

public sealed class TerminalTextTests
{
    [Theory]
    [InlineData("plain text, \u00fcmlaut, \u4e2d\ttab\nline", "plain text, \u00fcmlaut, \u4e2d\ttab\nline")]
    [InlineData("\u001b]0;title\u0007", "?]0;title?")]
    [InlineData("a\rb\bc\u007f", "a?b?c?")]
    [InlineData("\u009b31m", "?31m")]
    [InlineData("eth0\u202egnihtyna\u2066", "eth0?gnihtyna?")]
    public void What_steers_a_terminal_is_replaced(string text, string expected) =>
        Assert.Equal(expected, TerminalText.Clean(text));

    /// <summary>Documents go to terminals as well as lines do.</summary>
    [Fact]
    public void A_document_has_no_control_character_in_it()
    {
        string every = string.Concat(Enumerable.Range(0, 0x2020).Select(code => (char)code));
        using var stream = new MemoryStream();

        Document.Write(stream, every, DateTimeOffset.UnixEpoch, writer => writer.WriteString("text", every));

        string written = System.Text.Encoding.UTF8.GetString(stream.ToArray());
        Assert.Equal(written, TerminalText.Clean(written));
        Assert.Equal(every, JsonElement.Parse(written).GetProperty("text").GetString());
    }
}
