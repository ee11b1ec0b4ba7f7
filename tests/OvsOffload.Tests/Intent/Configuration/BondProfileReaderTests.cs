using System.Text;
using OvsOffload.Intent;
using OvsOffload.Intent.Configuration;
using OvsOffload.Netlink;

namespace OvsOffload.Tests.Intent.Configuration;

public class BondProfileReaderTests
{
    public static TheoryData<string> Options => [.. BondOptionList.All.Select(option => option.Name)];

    public static TheoryData<string> Refused => [.. BondOptionList.Refused.Keys];

    [Theory]
    [InlineData("active-backup")]
    [InlineData("balance-xor")]
    [InlineData("802.3ad")]
    public void Three_modes_are_taken_by_their_right_names(string word) =>
        Assert.Equal(word, Parse($"mode: {word}\n").Mode.ToName());

    [Theory]
    [InlineData("balance-rr", "distributes the packets of one flow")]
    [InlineData("0", "distributes the packets of one flow")]
    [InlineData("broadcast", "sends every packet through every port")]
    [InlineData("balance-tlb", "by load")]
    [InlineData("balance-alb", "answering ARP")]
    [InlineData("balanced-xor", "Did you mean \"balance-xor\"?")]
    [InlineData("4", "Write 802.3ad")]
    [InlineData("lacp", "Write 802.3ad")]
    public void Other_modes_are_refused_with_the_reason(string word, string reason) =>
        Assert.Contains(reason, Error($"mode: {word}\n"));

    [Fact]
    public void A_profile_without_a_mode_is_none() =>
        Assert.Contains("mode: required key is missing", Error("miimon: 100ms\n"));

    [Fact]
    public void An_unknown_option_is_told_the_nearest() =>
        Assert.Contains(
            "p.yaml:2:1: unknown key \"mimon\". Did you mean \"miimon\"?", Error("mode: 802.3ad\nmimon: 100ms\n"));

    [Theory]
    [InlineData("miimon: 0s", "2:9: miimon: found \"0s\"; allowed: a duration from 1ms")]
    [InlineData("miimon: 100", "use 100s for seconds")]
    [InlineData("ad_user_port_key: 1024", "a whole number from 0 to 1023")]
    [InlineData("ad_actor_sys_prio: 0", "a whole number from 1 to 65535")]
    [InlineData("min_links: 9", "a whole number from 0 to 8")]
    [InlineData("lacp_active: yes", "Write true")]
    [InlineData("ad_actor_system: \"01:00:00:00:00:01\"", "allowed: a unicast MAC address")]
    public void A_value_out_of_range_is_told_the_range(string line, string words) =>
        Assert.Contains(words, Error($"mode: 802.3ad\n{line}\n"));

    [Theory]
    [MemberData(nameof(Refused))]
    public void An_option_that_offload_cannot_stand_on_is_refused_with_the_reason(string name)
    {
        string error = Error($"mode: active-backup\n{name}: 1\n");

        Assert.StartsWith($"p.yaml:2:1: {name} is not supported: ", error);
        Assert.True(error.Length > 50);
    }

    [Theory]
    [InlineData("active-backup", "lacp_rate: fast", "lacp_rate is an option of mode 802.3ad, but this profile has "
        + "mode active-backup")]
    [InlineData("802.3ad", "fail_over_mac: active", "is an option of mode active-backup")]
    [InlineData("balance-xor", "primary: first", "is an option of mode active-backup")]
    [InlineData("active-backup", "xmit_hash_policy: layer2", "of mode balance-xor or 802.3ad")]
    public void An_option_of_another_mode_is_refused(string mode, string line, string words) =>
        Assert.Contains(words, Error($"mode: {mode}\n{line}\n"));

    [Theory]
    [InlineData("updelay", "250ms", "200ms")]
    [InlineData("downdelay", "99ms", "0ms")]
    [InlineData("peer_notif_delay", "1050ms", "1000ms")]
    public void A_delay_that_the_kernel_would_round_is_refused(string name, string value, string rounded) =>
        Assert.Contains(
            $"not a multiple of miimon (100ms); the kernel would round it to {rounded}",
            Error($"mode: active-backup\n{name}: {value}\n"));

    [Theory]
    [MemberData(nameof(Options))]
    public void Every_option_has_a_range_and_a_default_that_lies_in_it(string name)
    {
        BondOption option = BondOptionList.All.Single(one => one.Name == name);
        BondMode mode = option.Modes[0];

        string written = BondProfileReader.Write(
            new BondProfile { Name = "p", File = "p.yaml", Options = BondProfileReader.DefaultsOf(mode) });

        Assert.Equal(BondProfileReader.DefaultsOf(mode), Parse(written).Options);
        Assert.True(option.Key.Help.EndsWith('.'), option.Key.Help);
    }

    [Fact]
    public void All_errors_are_reported_at_once() => Assert.Equal(3,
        Errors("mode: 802.3ad\nlacp_rate: quick\nmiimon: 5\nslaves: 2\n").Length);

    [Fact]
    public void Cut_at_any_place_it_is_read_or_refused_and_never_anything_else()
    {
        string text = BondProfileReader.Write(
            new BondProfile { Name = "p", File = "p.yaml", Options = BondProfileReader.DefaultsOf(BondMode.Lacp) });
        for (int length = 0; length < text.Length; length += 3)
        {
            try
            {
                Assert.Equal(BondMode.Lacp, Parse(text[..length]).Mode);
            }
            catch (ConfigurationException refused)
            {
                Assert.NotEmpty(refused.Errors);
            }
        }
    }

    private static BondProfile Parse(string text) =>
        BondProfileReader.Parse("p", "p.yaml", Encoding.UTF8.GetBytes(text));

    private static string[] Errors(string text) =>
        [.. Assert.Throws<ConfigurationException>(() => Parse(text)).Errors.Select(error => error.ToString())];

    private static string Error(string text) => Assert.Single(Errors(text));
}
