using OvsOffload.Nics;

namespace OvsOffload.Tests.Nics;

public class NicModelsReaderTests
{
    private const string Whole = """
        drivers:
          - name: mlx5_core
            vf-driver: mlx5_core
            vf-count: sysfs
            vfs-at-mode-change: any
            mode: devlink
            pf-up-for-vfs: no
            vf-change-resets-pf: no
            since: { flower: "4.8" }
        generations:
          - name: ConnectX-5
            driver: mlx5_core
            firmware: 16
            steering: [smfs]
            lag-modes: [802.3ad]
            security-groups: disable
            features:
              full: [flower, vlan, tunnels, header-rewrite, many-destinations, merged-eswitch, vf-lag, sampling]
              none: [hash-lag, multiport-eswitch, meters, police-mtu, tunnel-on-internal-port, connection-tracking]
        models:
          - { id: "15b3:1017", name: ConnectX-5, generation: ConnectX-5, vfs: ["15b3:1018"] }

        """;

    [Fact]
    public void A_whole_file_is_read() =>
        Assert.Equal("ConnectX-5", Assert.Single(NicModels.Parse(Whole, "x").All).Name);

    [Theory]
    [InlineData("firmware: 16", "firmwear: 16", "x:13:5: unknown key 'firmwear'")]
    [InlineData("firmware: 16", "firmware: sixteen", "x:13:15: 'sixteen' is not a positive whole number")]
    [InlineData("firmware: 16", "firmware: 0", "x:13:15: '0' is not a positive whole number")]
    [InlineData("firmware: 16", "firmware: 16\n    firmware: 17", "x:14:5: ")]
    [InlineData("steering: [smfs]", "steering: [xmfs]", "x:14:16: 'xmfs' is not one of dmfs, hmfs, smfs")]
    [InlineData("steering: [smfs]", "steering: smfs", "x:14:15: steering must be a list")]
    [InlineData("lag-modes: [802.3ad]", "lag-modes: [lacp]", "'lacp' is not one of 802.3ad")]
    [InlineData("security-groups: disable", "security-groups: off", "'off' is not one of disable, keep, warn")]
    [InlineData("    security-groups: disable\n", "", "x:11:5: 'security-groups' is missing")]
    [InlineData("full: [flower, vlan", "full: [vlan", "missing: flower")]
    [InlineData("none: [hash-lag", "none: [flower, hash-lag", "duplicate flower")]
    [InlineData("none: [hash-lag", "none: [hashlag", "'hashlag' is not one of")]
    [InlineData("full: [flower", "fully: [flower", "unknown key 'fully'")]
    [InlineData("since: { flower: \"4.8\" }", "since: { flower: \"4\" }", "'4' is not a kernel version")]
    [InlineData("since: { flower: \"4.8\" }", "since: { flour: \"4.8\" }", "unknown feature 'flour'")]
    [InlineData("vf-count: sysfs", "vf-count: procfs", "'procfs' is not one of module-option, sysfs")]
    [InlineData("pf-up-for-vfs: no", "pf-up-for-vfs: maybe", "'maybe' is not one of no, yes")]
    [InlineData("driver: mlx5_core\n    firmware", "driver: mlx6_core\n    firmware",
        "'mlx6_core' is not one of mlx5_core")]
    [InlineData("generation: ConnectX-5,", "generation: ConnectX-6,", "'ConnectX-6' is not one of ConnectX-5")]
    [InlineData("id: \"15b3:1017\"", "id: \"15b3:10170\"", "'15b3:10170' is not a PCI id")]
    [InlineData("vfs: [\"15b3:1018\"]", "vfs: [1018]", "'1018' is not a PCI id")]
    [InlineData("models:", "modles:", "unknown key 'modles'")]
    [InlineData("drivers:", "drivers: {", "x:")]
    public void A_mistake_is_an_error_with_its_line(string right, string wrong, string message)
    {
        string text = Whole.Replace(right, wrong, StringComparison.Ordinal);
        Assert.NotEqual(Whole, text);

        Assert.Contains(message, Assert.Throws<NicModelsException>(() => NicModels.Parse(text, "x")).Message);
    }

    [Fact]
    public void An_id_that_stands_twice_is_an_error()
    {
        string text = Whole + "  - { id: \"15b3:1017\", name: Another, generation: ConnectX-5 }\n";

        NicModelsException exception = Assert.Throws<NicModelsException>(() => NicModels.Parse(text, "x"));

        Assert.Contains("x:22:5: duplicate 15b3:1017", exception.Message);
    }

    [Fact]
    public void A_file_cut_anywhere_is_an_error_or_a_whole_file()
    {
        int last = Whole.LastIndexOf('}');
        for (int length = 0; length < last; length++)
        {
            Assert.Throws<NicModelsException>(() => NicModels.Parse(Whole[..length], "x"));
        }
    }
}
