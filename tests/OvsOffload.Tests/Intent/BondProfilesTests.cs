using System.Text;
using System.Text.Json;
using OvsOffload.Intent;
using OvsOffload.Intent.Configuration;
using OvsOffload.Netlink;

namespace OvsOffload.Tests.Intent;

public sealed class BondProfilesTests : IDisposable
{
    private const string Site = "/etc/ovs-offload/bond-profiles";

    private readonly HostTree _host = new();

    public static TheoryData<string> BuiltIn =>
        ["active-backup", "active-backup-kvm-guest", "balance-xor", "lacp", "lacp-fast-layer3-4"];

    private BondProfiles Profiles => new(_host.Paths);

    public void Dispose() => _host.Dispose();

    [Fact]
    public void The_program_has_these_profiles() => Assert.Equal(BuiltIn.Select(row => row.Data), Profiles.Names());

    [Theory]
    [InlineData("active-backup", "active-backup")]
    [InlineData("balance-xor", "balance-xor")]
    [InlineData("lacp", "802.3ad")]
    public void Each_mode_that_a_NIC_takes_has_one(string name, string mode) =>
        Assert.Equal(mode, Profiles.Find(name)!.Mode.ToName());

    [Fact]
    public void For_guests_that_bond_inside_there_is_one()
    {
        BondOptions options = Profiles.Find("active-backup-kvm-guest")!.Options;

        Assert.Equal((80u, 30_000u, BondFailOverMac.Active),
            (options.MiiMonitor, options.UpDelay, options.FailOverMac));
    }

    [Fact]
    public void For_fast_LACP_with_ports_in_the_hash_there_is_one()
    {
        BondOptions options = Profiles.Find("lacp-fast-layer3-4")!.Options;

        Assert.Equal((BondLacpRate.Fast, BondTransmitHash.Layer34), (options.LacpRate, options.TransmitHash));
    }

    [Theory]
    [MemberData(nameof(BuiltIn))]
    public void A_profile_states_every_option_of_its_mode_with_unit_range_and_default(string name)
    {
        using Stream stream = typeof(BondProfiles).Assembly.GetManifestResourceStream($"bond-profiles/{name}.yaml")!;
        string text = new StreamReader(stream, Encoding.UTF8).ReadToEnd();

        Assert.EndsWith(BondProfileReader.Write(Profiles.Find(name)!), text, StringComparison.Ordinal);
        Assert.StartsWith("# ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_the_site_wins_over_the_program_s_own()
    {
        _host.File($"{Site}/lacp.yaml", "mode: 802.3ad\nlacp_rate: fast\n");

        BondProfile profile = Profiles.Find("lacp")!;

        Assert.Equal(BondLacpRate.Fast, profile.Options.LacpRate);
        Assert.EndsWith($"{Site}/lacp.yaml", profile.File, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_the_site_adds_a_profile()
    {
        _host.File($"{Site}/rack7.yaml", "mode: balance-xor\n").File($"{Site}/README", "no profile");

        Assert.Contains("rack7", Profiles.Names());
        Assert.DoesNotContain("README", Profiles.Names());
    }

    [Fact]
    public void A_wrong_file_of_the_site_is_an_error_and_never_the_program_s_own()
    {
        _host.File($"{Site}/lacp.yaml", "mode: 802.3ad\nlacp_rate: quick\n");

        string error = Assert.Single(Assert.Throws<ConfigurationException>(() => Profiles.Find("lacp")).Errors)
            .ToString();

        Assert.Contains("lacp.yaml:2:12: lacp_rate: found \"quick\"; allowed: slow or fast", error);
    }

    [Fact]
    public void There_is_no_profile_of_another_name() => Assert.Null(Profiles.Find("lag"));

    [Fact]
    public void A_bond_whose_profile_there_is_not_is_told_the_nearest()
    {
        string error = Assert.Single(Assert.Throws<ConfigurationException>(() => Parse("balanse-xor")).Errors)
            .ToString();

        Assert.Contains("unknown bond profile \"balanse-xor\". Did you mean \"balance-xor\"? Profiles: "
            + "active-backup, ", error);
    }

    [Fact]
    public void A_bond_whose_profile_is_wrong_shows_the_profile_s_own_lines()
    {
        _host.File($"{Site}/mine.yaml", "mode: balance-rr\n");

        Assert.Contains("mine.yaml:1:7: ", Assert.Throws<ConfigurationException>(() => Parse("mine")).Message);
    }

    [Fact]
    public void A_bond_has_the_settings_of_its_profile() =>
        Assert.Equal(BondMode.Lacp, Parse("lacp").Bonds[0].Settings!.Mode);

    [Fact]
    public void As_JSON_options_have_the_kernel_s_names()
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            BondProfilesDocument.Write(writer, [Profiles.Find("lacp-fast-layer3-4")!]);
            writer.WriteEndObject();
        }

        JsonElement profile = JsonDocument.Parse(stream.ToArray()).RootElement.GetProperty("profiles")[0];

        Assert.Equal("802.3ad", profile.GetProperty("mode").GetString());
        Assert.Equal("100ms", profile.GetProperty("options").GetProperty("miimon").GetString());
        Assert.Equal(65535, profile.GetProperty("options").GetProperty("ad_actor_sys_prio").GetInt32());
        Assert.True(profile.GetProperty("options").GetProperty("lacp_active").GetBoolean());
        Assert.False(profile.GetProperty("options").TryGetProperty("primary", out _));
    }

    private HostIntent Parse(string profile) => ConfigurationReader.Parse(
        "c.yaml",
        Encoding.UTF8.GetBytes("version: 1\nnics:\n- pf: \"0000:3b:00.0\"\nbonds:\n"
            + $"- {{name: bond0, profile: {profile}, members: [\"0000:3b:00.0\"]}}\n"),
        profiles: Profiles);
}
