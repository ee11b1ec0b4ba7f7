using OvsOffload.Intent.Neutron;

namespace OvsOffload.Tests.Intent.Neutron;

public class IniTextTests
{
    private const string Section = "securitygroup", Option = "firewall_driver";

    [Theory]
    [InlineData("", "[securitygroup]\nfirewall_driver = noop\n")]
    [InlineData("[ovs]\na = 1\n", "[ovs]\na = 1\n\n[securitygroup]\nfirewall_driver = noop\n")]
    [InlineData(
        "[ovs]\r\na = 1\r\n[securitygroup]\r\n", "[ovs]\r\na = 1\r\n[securitygroup]\r\nfirewall_driver = noop\r\n")]
    [InlineData("[securitygroup]", "[securitygroup]\nfirewall_driver = noop")]
    [InlineData("[securitygroup]\nfirewall_driver=openvswitch\nx = 1", "[securitygroup]\nfirewall_driver=noop\nx = 1")]
    [InlineData("[securitygroup]\n# c\n#firewall_driver = <None>\nx = 1\n",
        "[securitygroup]\n# c\n#firewall_driver = <None>\nfirewall_driver = noop\nx = 1\n")]
    [InlineData("[securitygroup]\nfirewall_driver = a\nfirewall_driver = b\n[x]\nfirewall_driver = c\n",
        "[securitygroup]\nfirewall_driver = a\nfirewall_driver = noop\n[x]\nfirewall_driver = c\n")]
    [InlineData("[securitygroup]\nfirewall_driver = a\n   b\n; c\n", "[securitygroup]\nfirewall_driver = noop\n; c\n")]
    [InlineData("[securitygroup]\nfirewall_driver: hybrid\n", "[securitygroup]\nfirewall_driver: noop\n")]
    [InlineData("[securitygroup]\nx=1\n[ovs]\n[securitygroup]\ny=2\n",
        "[securitygroup]\nfirewall_driver = noop\nx=1\n[ovs]\n[securitygroup]\ny=2\n")]
    [InlineData("[SecurityGroup]\nfirewall_driver = a\n",
        "[SecurityGroup]\nfirewall_driver = a\n\n[securitygroup]\nfirewall_driver = noop\n")]
    public void Only_the_one_option_changes(string before, string after)
    {
        string edited = IniText.With(before, Section, Option, "noop");

        Assert.Equal(after, edited);
        Assert.Equal("noop", IniText.Value(edited, Section, Option));
        Assert.Equal(after, IniText.With(edited, Section, Option, "noop"));
    }

    [Theory]
    [InlineData("[securitygroup]\nfirewall_driver = a\nx = 1\n", "[securitygroup]\nx = 1\n")]
    [InlineData("[securitygroup]\nx = 1\n", "[securitygroup]\nx = 1\n")]
    [InlineData("[securitygroup]\nfirewall_driver = a\n  b\nx = 1\nfirewall_driver = c\n", "[securitygroup]\nx = 1\n")]
    public void An_option_is_taken_away_with_all_its_lines(string before, string after) =>
        Assert.Equal(after, IniText.With(before, Section, Option, null));

    [Fact]
    public void Wherever_a_file_is_cut_the_option_is_set_and_taken_away_again_and_all_else_stays()
    {
        const string Text =
            "# c\r\n[ovs]\r\nlocal_ip = 192.0.2.1\r\n  and more\r\n[securitygroup]\r\n#firewall_driver = x\r\n"
            + "enable_security_group = true\r\n[agent]\r\nl2 = true";
        for (int end = 0; end <= Text.Length; end++)
        {
            string cut = Text[..end];

            string set = IniText.With(cut, Section, Option, "noop");

            Assert.Equal("noop", IniText.Value(set, Section, Option));
            Assert.Equal(IniText.Value(cut, "ovs", "local_ip"), IniText.Value(set, "ovs", "local_ip"));
            Assert.Equal(
                IniText.Value(cut, Section, "enable_security_group"), IniText.Value(
                    set, Section, "enable_security_group"));
            Assert.Null(IniText.Value(IniText.With(set, Section, Option, null), Section, Option));
        }
    }
}
