using System.Text;
using OvsOffload.Intent.Cloudpods;
using OvsOffload.Intent.Configuration;

namespace OvsOffload.Tests.Intent.Cloudpods;

public class HostConfReaderTests
{
    [Theory]
    [InlineData("sriov_nics:\n- eth2\n- eth3\n", "eth2 eth3")]
    [InlineData("sriov-nics: [eth2, eth3]\n", "eth2 eth3")]
    [InlineData("{\"sriov_nics\": [\"eth2\", \"eth3\"]}", "eth2 eth3")]
    [InlineData("sriov_nics: []\n", "")]
    [InlineData("sriov_nics: [10, 11]\n", "10 11")]
    [InlineData("[host]\n# NICs\nsriov_nics = [eth2, eth3]\n", "eth2 eth3")]
    [InlineData("sriov_nics = (eth2, eth3)\n", "eth2 eth3")]
    [InlineData("sriov_nics = eth2\n", "eth2")]
    [InlineData("sriov_nics: eth2\n", "eth2")]
    [InlineData("sriov_nics: [eth1]\nsriov_nics: [eth2]\n", "eth2")]
    public void A_list_is_read_in_every_form_that_Cloudpods_reads(string text, string items) =>
        Assert.Equal(items, string.Join(' ', Read(text)["sriov_nics"]!.Items));

    [Theory]
    [InlineData("true", true)]
    [InlineData("True", true)]
    [InlineData("TRUE", true)]
    [InlineData("yes", true)]
    [InlineData("off", false)]
    [InlineData("1", true)]
    [InlineData("0", false)]
    [InlineData("\"True\"", true)]
    public void A_flag_is_read_in_every_word_that_Cloudpods_takes(string word, bool value) =>
        Assert.Equal(value, Read($"disable_security_group: {word}\n").Flag("disable_security_group"));

    [Theory]
    [InlineData("\"on\"")]
    [InlineData("maybe")]
    [InlineData("[true]")]
    [InlineData("tRUE")]
    public void A_flag_in_another_word_is_an_error_with_its_place(string word)
    {
        ConfigurationException failure = Refuse($"networks: []\ndisable_security_group: {word}\n");

        Assert.Equal((2, 25), (failure.Errors[0].Position.Line, failure.Errors[0].Position.Column));
        Assert.Contains("true or false", failure.Errors[0].Message);
    }

    [Theory]
    [InlineData("networks:\n")]
    [InlineData("networks: ~\n")]
    [InlineData("networks: null\n")]
    public void A_list_without_a_value_is_the_error_that_it_is_to_Cloudpods(string text) =>
        Assert.Contains("networks has no value", Refuse(text).Errors[0].Message);

    [Fact]
    public void A_text_that_is_a_list_is_an_error() =>
        Assert.Contains("not a list", Refuse("- a\n- b\n").Errors[0].Message);

    [Fact]
    public void Broken_YAML_is_told_with_both_ways_in_which_it_was_tried()
    {
        ConfigurationException failure = Refuse("networks:\n- eth1/br0/bcast0\nsriov_nics: [eth2\n");

        Assert.Equal(2, failure.Errors.Count);
        Assert.Contains("invalid YAML", failure.Errors[0].Message);
        Assert.Contains("Misformated line", failure.Errors[1].Message);
    }

    [Fact]
    public void A_line_that_is_none_is_told_with_its_place()
    {
        ConfigurationException failure = Refuse("a = 1\n  sriov_nics\n");

        Assert.Equal("host.conf:2:3", failure.Errors[0].Position.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("# nothing\n")]
    [InlineData("---\n")]
    public void An_empty_file_sets_nothing(string text) => Assert.Empty(Read(text).Values);

    [Theory]
    [InlineData("sriov_nics: \"eth2,eth3\"\n", "does not split")]
    [InlineData("Networks: []\n", "did you mean networks?")]
    [InlineData("SRIOV_NICS: []\n", "did you mean sriov_nics?")]
    [InlineData("ovs_offload_nic: []\n", "did you mean ovs_offload_nics?")]
    [InlineData("sriov_nics: [a]\nsriov-nics: [b]\n", "Cloudpods uses this one")]
    public void An_option_that_Cloudpods_reads_differently_is_a_warning(string text, string words) =>
        Assert.Contains(Read(text).Warnings, warning => warning.Text.Contains(words, StringComparison.Ordinal));

    [Fact]
    public void Options_of_other_parts_of_Cloudpods_are_read_and_raise_no_warning()
    {
        HostConf conf = Read("servers_path: /opt/cloud\nrack: r1\nlog: {level: debug, of: [a, {b: c}]}\nport: 8885\n");

        Assert.Empty(conf.Warnings);
        Assert.Equal("8885", conf["port"]!.Text);
    }

    [Fact]
    public void No_cut_and_no_change_of_a_byte_brings_anything_else_than_options_or_an_error()
    {
        byte[][] texts =
        [
            Encoding.UTF8.GetBytes(
                "networks:\n- eth1/br0/192.168.100.111\n- 'eth2/br1/bcast0'\n"
                    + "sriov_nics: [eth2, \"eth3\"]\nx: |\n  a\n"),
            "[host]\nnetworks = [eth1/br0/bcast0, 'a']\n# c\ndisable_security_group = true # c\n"u8.ToArray(),
        ];
        foreach (byte[] text in texts)
        {
            for (int end = 0; end <= text.Length; end++)
            {
                Try(text[..end]);
            }

            for (int at = 0; at < text.Length; at++)
            {
                foreach (byte value in (byte[])
                    [0, (byte)'\n', (byte)':', (byte)'[', (byte)'"', (byte)'&', (byte)'=', 0xff])
                {
                    byte[] changed = [.. text];
                    changed[at] = value;
                    Try(changed);
                }
            }
        }

        static void Try(byte[] text)
        {
            try
            {
                Assert.NotNull(HostConfReader.Read("host.conf", text).Values);
            }
            catch (ConfigurationException failure)
            {
                Assert.NotEmpty(failure.Errors);
            }
        }
    }

    private static HostConf Read(string text) => HostConfReader.Read("host.conf", Encoding.UTF8.GetBytes(text));

    private static ConfigurationException Refuse(string text) =>
        Assert.Throws<ConfigurationException>(() => Read(text));
}
