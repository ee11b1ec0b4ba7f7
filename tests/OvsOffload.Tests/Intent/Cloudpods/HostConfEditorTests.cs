using OvsOffload.Intent.Cloudpods;
using OvsOffload.Os;

namespace OvsOffload.Tests.Intent.Cloudpods;

public class HostConfEditorTests
{
    private const string File = "/etc/yunion/host_local.conf";

    [Theory]
    [InlineData("", "disable_security_group: true\n")]
    [InlineData("networks: []\n", "networks: []\ndisable_security_group: true\n")]
    [InlineData("networks: []", "networks: []\ndisable_security_group: true")]
    [InlineData("a: 1\r\nb: 2\r\n", "a: 1\r\nb: 2\r\ndisable_security_group: true\r\n")]
    [InlineData("disable_security_group: false # why\nz: 1\n", "disable_security_group: true # why\nz: 1\n")]
    [InlineData("# c\ndisable-security-group:   off\r\nz: 1", "# c\ndisable-security-group:   true\r\nz: 1")]
    [InlineData("disable_security_group: false\ndisable_security_group: no\n",
        "disable_security_group: false\ndisable_security_group: true\n")]
    [InlineData("\"disable_security_group\": false\n", "\"disable_security_group\": true\n")]
    [InlineData("[host]\n# c\nrack = r1\n", "[host]\n# c\nrack = r1\ndisable_security_group = true\n")]
    [InlineData("disable_security_group = false # c\r\nrack = r1", "disable_security_group = true # c\r\nrack = r1")]
    [InlineData("disable_security_group: true\n", "disable_security_group: true\n")]
    [InlineData("rack: caf\u00c3\u00a9\n", "rack: caf\u00c3\u00a9\ndisable_security_group: true\n")]
    public void Only_the_one_line_changes(string before, string after)
    {
        string edited = HostConfEditor.With(File, before, true).Value;

        Assert.Equal(after, edited);
        Assert.Equal(after, HostConfEditor.With(File, edited, true).Value);
        Assert.True(HostConfEditor.Read(File, edited).Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("networks: []\n# end\n")]
    [InlineData("a: 1\r\nb: 2\r\n")]
    [InlineData("[host]\nrack = r1\n")]
    public void What_was_added_is_taken_away_again_to_the_byte(string before) => Assert.Equal(
        before, HostConfEditor.With(File, HostConfEditor.With(File, before, true).Value, null).Value);

    [Theory]
    [InlineData("{\"networks\": []}\n")]
    [InlineData("a: 1\n...\n")]
    [InlineData("  a: 1\n  b: 2\n")]
    [InlineData("a: [1,\n")]
    public void A_form_that_cannot_be_edited_safely_is_refused(string text)
    {
        Reading<string> edited = HostConfEditor.With(File, text, true);

        Assert.True(edited.IsFailed);
        Assert.Contains(File, edited.Why);
    }

    [Fact]
    public void A_text_inside_of_another_value_is_not_taken_for_the_option()
    {
        const string Text = "note: |\n  disable_security_group: false\nz: 1\n";

        Assert.Equal(Text + "disable_security_group: true\n", HostConfEditor.With(File, Text, true).Value);
    }

    [Fact]
    public void Wherever_a_file_is_cut_or_changed_it_is_edited_rightly_or_refused()
    {
        const string Text =
            "# c\r\nnetworks:\r\n- eth1/br0/bcast0\r\ndisable_security_group: false # c\r\nrack: 'r 1'\r\nx: |\r\n  "
                + "y\r\n";
        for (int at = 0; at <= Text.Length; at++)
        {
            Try(Text[..at]);
            foreach (char letter in "\n:#'\"[-= ")
            {
                Try(at < Text.Length ? Text[..at] + letter + Text[(at + 1)..] : Text + letter);
            }
        }

        static void Try(string text)
        {
            Reading<string> edited = HostConfEditor.With(File, text, true);
            if (edited.IsKnown)
            {
                Assert.True(HostConfEditor.Read(File, edited.Value).Value);
            }
            else
            {
                Assert.Contains(File, edited.Why);
            }
        }
    }
}
