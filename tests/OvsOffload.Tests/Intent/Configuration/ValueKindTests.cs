using OvsOffload.Intent;
using static OvsOffload.Tests.Intent.Configuration.ConfigurationTexts;

namespace OvsOffload.Tests.Intent.Configuration;

/// <summary>What each kind of value takes, and what it says of the rest.</summary>
public sealed class ValueKindTests
{
    [Theory]
    [InlineData("many", "found \"many\"; allowed: a whole number from 0 to 65535")]
    [InlineData("65536", "found \"65536\"; allowed: a whole number from 0 to 65535")]
    [InlineData("99999999999999999999", "found \"99999999999999999999\"; allowed: a whole number from 0 to 65535")]
    [InlineData("-1", "found \"-1\"; allowed: a whole number from 0 to 65535. Use plain decimal digits")]
    [InlineData(
        "020",
        "found \"020\"; allowed: a whole number from 0 to 65535. YAML 1.1 reads a leading 0 as octal; remove it")]
    [InlineData("0x10", "found \"0x10\"; allowed: a whole number from 0 to 65535. Use plain decimal digits")]
    [InlineData("0o20", "found \"0o20\"; allowed: a whole number from 0 to 65535. Use plain decimal digits")]
    [InlineData("1_6", "found \"1_6\"; allowed: a whole number from 0 to 65535. Use plain decimal digits")]
    [InlineData("1e1", "found \"1e1\"; allowed: a whole number from 0 to 65535. Use plain decimal digits")]
    [InlineData("1:30", "found \"1:30\"; allowed: a whole number from 0 to 65535")]
    [InlineData("\"16\"", "found \"16\" in quotes; allowed: a whole number from 0 to 65535. Remove the quotes")]
    [InlineData("[16]", "found a list; allowed: a whole number from 0 to 65535")]
    [InlineData("{a: 16}", "found a mapping (lines of \"key: value\"); allowed: a whole number from 0 to 65535")]
    [InlineData("", "found nothing; allowed: a whole number from 0 to 65535")]
    public void A_number_is_decimal_digits_in_its_range(string value, string error) =>
        Assert.Equal(
            $"c.yaml:4:{(value.Length == 0 ? 7 : 8)}: nics[0].vfs: {error}",
            Error(Nic($"vfs: {value}".TrimEnd())));

    [Theory]
    [InlineData("yes", ". Write true")]
    [InlineData("Off", ". Write false")]
    [InlineData("TRUE", ". Write true")]
    [InlineData("\"true\"", ". Remove the quotes")]
    [InlineData("1", "")]
    [InlineData("~", "")]
    public void A_boolean_is_true_or_false_and_nothing_else(string value, string hint)
    {
        string error = Error(Section("openvswitch", $"{{ hw-offload: {value} }}"));

        Assert.StartsWith("c.yaml:2:28: openvswitch.hw-offload: found ", error, StringComparison.Ordinal);
        Assert.EndsWith($"; allowed: true or false{hint}", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mode", "swichdev", "allowed: switchdev or legacy. Did you mean \"switchdev\"?")]
    [InlineData("mode", "Switchdev", "allowed: switchdev or legacy. Did you mean \"switchdev\"?")]
    [InlineData("mode", "", "allowed: switchdev or legacy")]
    [InlineData("steering", "hmfs", "allowed: smfs, dmfs or keep. Did you mean \"smfs\"?")]
    [InlineData("encap", "vxlan", "allowed: basic, none or keep")]
    [InlineData("managed", "no", "allowed: full or observe")]
    [InlineData("vf-driver", "vfio pci", "allowed: auto, kernel, none, or the name of a driver such as vfio-pci")]
    [InlineData("vf-driver", "../vfio", "allowed: auto, kernel, none, or the name of a driver such as vfio-pci")]
    [InlineData("vf-macs", "stabel", "allowed: stable, random or keep. Did you mean \"stable\"?")]
    public void A_word_is_one_of_those_that_are_named(string key, string value, string error) =>
        Assert.EndsWith(error, Error(Nic($"{key}: {value}".TrimEnd())), StringComparison.Ordinal);

    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("10s", 10_000)]
    [InlineData("2m", 120_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("\"10s\"", 10_000)]
    public void A_duration_has_a_unit(string value, int milliseconds) =>
        Assert.Equal(
            TimeSpan.FromMilliseconds(milliseconds),
            Parse(Section("openvswitch", $"{{ max-idle: {value} }}")).OpenVSwitch.MaxIdle);

    [Theory]
    [InlineData("10", ". The unit is missing; use 10s for seconds")]
    [InlineData("499ms", "")]
    [InlineData("25h", "")]
    [InlineData("1d", "")]
    [InlineData("10 s", "")]
    [InlineData("1.5s", "")]
    [InlineData("-1s", "")]
    [InlineData("s", "")]
    [InlineData("99999999999h", "")]
    public void A_duration_without_unit_or_out_of_range_is_an_error(string value, string hint) =>
        Assert.Equal(
            $"c.yaml:2:26: openvswitch.max-idle: found \"{value}\"; allowed: a duration from 500ms to 24h, "
            + $"with its unit (ms, s, m or h){hint}",
            Error(Section("openvswitch", $"{{ max-idle: {value} }}")));

    [Theory]
    [InlineData("1", ". The unit is missing; use 1% for percent")]
    [InlineData("0%", "")]
    [InlineData("101%", "")]
    [InlineData("1 %", "")]
    [InlineData("-1%", "")]
    [InlineData("one%", "")]
    public void A_share_without_its_sign_or_out_of_range_is_an_error(string value, string hint) =>
        Assert.Equal(
            $"c.yaml:2:31: metrics.flow-dump.duty: found \"{value}\"; allowed: a share from 0.01% to 100%, "
            + $"with its % sign{hint}",
            Error(Section("metrics", $"{{ flow-dump: {{ duty: {value} }} }}")));

    [Theory]
    [InlineData("", "An interface name is not empty")]
    [InlineData("..", "The kernel refuses this name")]
    [InlineData("abcdefghijklmnop", "It is 16 bytes long")]
    [InlineData("\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9", "It is 16 bytes long")]
    [InlineData("a/b", "An interface name has no slash, no colon and no percent sign")]
    [InlineData("bond%d", "An interface name has no slash, no colon and no percent sign")]
    [InlineData("a b", "An interface name has no spaces")]
    public void A_new_interfaces_name_is_one_that_the_kernel_takes(string name, string complaint)
    {
        string error = Error(
            $"version: 1\nnics:\n- pf: eth0\nbonds:\n- {{ name: \"{name}\", profile: lacp, members: [eth0] }}\n");

        Assert.StartsWith("c.yaml:5:11: bonds[0].name: found ", error, StringComparison.Ordinal);
        Assert.EndsWith($"allowed: an interface name of up to 15 bytes. {complaint}", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("on", "true or false")]
    [InlineData("null", "null")]
    [InlineData("7", "a number")]
    [InlineData("0x7", "a number")]
    public void A_name_that_yaml_reads_as_something_else_needs_quotes(string name, string reading)
    {
        string File(string written) =>
            $"version: 1\nnics:\n- pf: eth0\nbonds:\n- {{ name: {written}, profile: lacp, members: [eth0] }}\n";

        Assert.EndsWith(
            $"Without quotes YAML reads this as {reading}; put a name in quotes",
            Error(File(name)),
            StringComparison.Ordinal);
        Assert.Equal(name, Parse(File($"\"{name}\"")).Bonds[0].Name);
    }

    [Theory]
    [InlineData("a/lacp")]
    [InlineData("lacp.yaml")]
    [InlineData(".lacp")]
    [InlineData("\"\"")]
    public void A_profile_is_a_name_and_no_file(string profile) =>
        Assert.StartsWith(
            "c.yaml:5:23: bonds[0].profile: found ",
            Error($"version: 1\nnics:\n- pf: eth0\nbonds:\n- {{ name: b, profile: {profile}, members: [eth0] }}\n"),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("web.yaml")]
    [InlineData("\"\"")]
    [InlineData("[/etc/web.yaml]")]
    public void A_path_is_absolute(string path) =>
        Assert.EndsWith(
            "; allowed: the absolute path of a file",
            Error(Section("metrics", $"{{ web-config: {path} }}")),
            StringComparison.Ordinal);

    [Fact]
    public void A_list_says_which_of_its_items_are_wrong_and_which_stand_in_it_twice() =>
        Assert.Collection(
            Errors(Section("safety", "{ protect: [eth0, a/b, eth0, [x]] }")),
            error => Assert.StartsWith(
                "c.yaml:2:27: safety.protect[1]: found \"a/b\"; allowed: an interface name",
                error, StringComparison.Ordinal),
            error => Assert.Equal(
                "c.yaml:2:32: safety.protect[2]: duplicate \"eth0\", first at c.yaml:2:21",
                error),
            error => Assert.StartsWith(
                "c.yaml:2:38: safety.protect[3]: found a list; allowed: ",
                error, StringComparison.Ordinal));

    [Fact]
    public void A_list_has_a_length() =>
        Assert.StartsWith(
            "c.yaml:2:20: safety.protect: found a list of 0; allowed: a list of 1 to 256 interfaces",
            Error(Section("safety", "{ protect: [] }")),
            StringComparison.Ordinal);

    [Fact]
    public void Where_a_word_or_a_list_is_taken_a_mapping_is_neither() =>
        Assert.Contains(
            "found a mapping (lines of \"key: value\"); allowed: auto or none, or a list of 1 to 256 interfaces",
            Error(Section("safety", "{ protect: {} }")),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("auto", ProtectionKind.Auto)]
    [InlineData("none", ProtectionKind.None)]
    [InlineData("[auto]", ProtectionKind.List)]
    internal void Protection_is_a_word_or_a_list(string value, ProtectionKind kind) =>
        Assert.Equal(kind, Parse(Section("safety", $"{{ protect: {value} }}")).Safety.Protect);

    [Theory]
    [InlineData(
        "nics: {}",
        "nics: found a mapping (lines of \"key: value\"); allowed: a list of mappings, each starting with \"- \". "
        + "Remove the key if there are none")]
    [InlineData(
        "nics:",
        "nics: found nothing; allowed: a list of mappings, each starting with \"- \". Remove the key if there are "
        + "none")]
    [InlineData("nics: [eth0]", "nics[0]: found \"eth0\"; allowed: a mapping")]
    [InlineData(
        "metrics: []",
        "metrics: found a list; allowed: a mapping. Remove the key if it has no entries")]
    [InlineData(
        "metrics: { collectors: all }",
        "metrics.collectors: found \"all\"; allowed: a mapping of the name of a collector: true or false")]
    [InlineData("version: 1", "duplicate key \"version\", first set at c.yaml:1:1")]
    public void A_section_has_its_shape(string line, string error) =>
        Assert.EndsWith(": " + error, Error($"version: 1\n{line}\n"), StringComparison.Ordinal);

    [Theory]
    [InlineData("safety: {}\n", "c.yaml:1:1: version: required key is missing; allowed: 1")]
    [InlineData(
        "version: 2\n",
        "c.yaml:1:10: version: found \"2\"; allowed: 1. Only version 1 is supported")]
    [InlineData(
        "version: one\n",
        "c.yaml:1:10: version: found \"one\"; allowed: 1. Only version 1 is supported")]
    public void The_version_is_stated_and_known(string text, string error) => Assert.Equal(error, Error(text));

    [Fact]
    public void What_is_required_is_named_where_it_is_missing() =>
        Assert.Collection(
            Errors("version: 1\nbonds:\n- vf-lag: preferred\n"),
            error => Assert.StartsWith(
                "c.yaml:3:3: bonds[0].name: required key is missing; allowed: an interface name",
                error, StringComparison.Ordinal),
            error => Assert.StartsWith(
                "c.yaml:3:3: bonds[0].profile: required key is missing; allowed: ",
                error, StringComparison.Ordinal),
            error => Assert.StartsWith(
                "c.yaml:3:3: bonds[0].members: required key is missing; allowed: a list of 1 to 8 PFs",
                error, StringComparison.Ordinal));
}
