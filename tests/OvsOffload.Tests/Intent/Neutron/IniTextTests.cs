using OvsOffload.Intent.Neutron;

namespace OvsOffload.Tests.Intent.Neutron;

public class IniTextTests
{
    private const string Section = "securitygroup", Option = "firewall_driver";

    [Theory]
    [InlineData("", "[securitygroup]\nfirewall_driver = noop\n")]
    [InlineData("[ovs]\na = 1\n", "[ovs]\na = 1\n\n[securitygroup]\nfirewall_driver = noop\n")]
    [InlineData("[ovs]\r\na = 1\r\n[securitygroup]\r\n", "[ovs]\r\na = 1\r\n[securitygroup]\r\nfirewall_driver = noop\r\n")]
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
}
