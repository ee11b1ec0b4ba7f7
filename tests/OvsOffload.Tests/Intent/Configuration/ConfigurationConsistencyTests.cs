using static OvsOffload.Tests.Intent.Configuration.ConfigurationTexts;

namespace OvsOffload.Tests.Intent.Configuration;

public sealed class ConfigurationConsistencyTests
{
    private const string TwoNics = "version: 1\nnics:\n- pf: \"0000:3b:00.0\"\n- pf: \"0000:3b:00.1\"\n";

    private const string Bond =
        "bonds:\n- name: bond0\n  profile: lacp\n  members: [\"0000:3b:00.0\", \"0000:3b:00.1\"]\n";

    [Theory]
    [InlineData("- pf: 3b:00.1\n", "c.yaml:5:7: duplicate PF 0000:3b:00.1 under nics, first at c.yaml:4:7")]
    [InlineData(
        "  vfs: 2\n  vf-macs: [\"02:00:00:00:00:01\"]\n",
        "c.yaml:6:12: vf-macs has 1 addresses, but vfs is 2; a list needs one per VF")]
    [InlineData(
        "  vf-macs: [\"02:00:00:00:00:01\"]\n",
        "c.yaml:5:12: vf-macs has 1 addresses, but vfs is not set; a list needs one per VF")]
    [InlineData(
        "  vfs: 1\n  vf-macs: [\"02:00:00:00:00:01\"]\n- pf: eth0\n  vfs: 1\n  vf-macs: [\"02:00:00:00:00:01\"]\n",
        "c.yaml:9:12: duplicate MAC address 02:00:00:00:00:01, already used for a VF of 0000:3b:00.1")]
    public void Nics_do_not_contradict_each_other(string more, string error) =>
        Assert.Equal(error, Error(TwoNics + more));

    [Theory]
    [InlineData(
        "- name: bond1\n  profile: lacp\n  members: [\"3b:00.0\"]\n",
        "c.yaml:11:13: the PF 0000:3b:00.0 is already a member of bond bond0")]
    [InlineData(
        "- name: bond1\n  profile: lacp\n  members: [\"0000:3c:00.0\"]\n",
        "c.yaml:11:13: bond member 0000:3c:00.0 is not under nics. Did you mean \"0000:3b:00.0\"?")]
    [InlineData(
        "- name: bond1\n  profile: lacp\n  members: [eth0]\n",
        "c.yaml:11:13: bond member eth0 is not under nics. Write it as there: 0000:3b:00.0, 0000:3b:00.1")]
    [InlineData(
        "bridges:\n- { name: bond0, uplink: bond0 }\n",
        "c.yaml:10:11: duplicate interface \"bond0\", first at c.yaml:6:9")]
    [InlineData(
        "bridges:\n- { name: br1, uplink: bond1 }\n",
        "c.yaml:10:24: the uplink bond1 is neither a bond under bonds nor a PF under nics. Did you mean \"bond0\"?")]
    [InlineData(
        "bridges:\n- { name: br1, uplink: \"0000:3b:00.0\" }\n",
        "c.yaml:10:24: the uplink 0000:3b:00.0 is a member of bond0; use uplink: bond0")]
    [InlineData(
        "bridges:\n- { name: br1, uplink: bond0 }\n- { name: br2, uplink: bond0 }\n",
        "c.yaml:11:24: bond0 is already the uplink of br1")]
    public void Bonds_and_bridges_stand_on_what_is_there(string more, string error) =>
        Assert.Equal(error, Error(TwoNics + Bond + more));

    [Theory]
    [InlineData("  members: [\"0000:3b:00.0\", \"3b:00.1\"]\n")]
    [InlineData("  members: [\"0000:3b:00.0\", \"3b:00.1\"]\n  managed: observe\n  mtu: 9000\n")]
    public void A_bond_s_member_has_no_MTU_of_its_own(string more) => Assert.Equal(
        "c.yaml:5:8: the PF 0000:3b:00.1 is a member of bond0, which sets the MTU of its members; remove mtu here "
            + "and use mtu: 9000 of bond0",
        Error(TwoNics + "  mtu: 9000\nbonds:\n- name: bond0\n  profile: lacp\n" + more));

    [Fact]
    public void A_PF_beside_a_bond_may_have_one() => Assert.Equal(
        9000, Parse(TwoNics + "- pf: eth0\n  mtu: 9000\n" + Bond).Nics[2].Mtu);

    [Fact]
    public void Two_bonds_of_one_name_are_an_error()
    {
        const string second = "- name: bond0\n  profile: lacp\n  members: [eth0]\n";

        Assert.Equal(
            "c.yaml:10:9: duplicate interface \"bond0\", first at c.yaml:7:9",
            Error(TwoNics + "- pf: eth0\n" + Bond + second));
    }

    [Fact]
    public void A_bond_does_not_take_the_name_of_a_nic() =>
        Assert.Equal(
            "c.yaml:7:9: duplicate interface \"bond0\", first at c.yaml:5:7",
            Error(TwoNics + "- pf: bond0\n" + Bond));

    [Fact]
    public void Vf_lag_is_not_required_of_one_member() =>
        Assert.StartsWith(
            "c.yaml:9:11: vf-lag is required for b, but it has only one member",
            Error(
                TwoNics + "bonds:\n- name: b\n  profile: lacp\n  members: [\"0000:3b:00.0\"]\n  vf-lag: required\n"),
            StringComparison.Ordinal);

    [Fact]
    public void A_pf_may_be_the_uplink_of_a_bridge() =>
        Assert.Equal(
            "0000:3b:00.0",
            Parse(TwoNics + "bridges:\n- { name: br1, uplink: 3b:00.0 }\n").Bridges[0].Uplink.Pf!.Value);

    [Fact]
    public void No_PF_is_reported_missing_under_nics_if_an_entry_there_has_errors() =>
        Assert.StartsWith(
            "c.yaml:4:7: nics[1].pf: found ",
            Error(TwoNics.Replace("00.1", "00.9", StringComparison.Ordinal) + Bond),
            StringComparison.Ordinal);

    [Theory]
    [InlineData(
        "{ restart-command: [/bin/true] }",
        "c.yaml:2:33: restart-command has no effect with restart: manual; set restart: auto, or remove it")]
    [InlineData(
        "{ restart: auto, restart-command: [true.sh] }",
        "c.yaml:2:48: restart-command starts with \"true.sh\"; allowed: the absolute path of a program")]
    public void A_restart_command_can_be_run(string openVSwitch, string error) =>
        Assert.Equal(error, Error(Section("openvswitch", openVSwitch)));

    [Theory]
    [InlineData("{ backends: [command] }", "c.yaml:2:30: the backend command needs a program; set command: "
        + "[/path/to/program]")]
    [InlineData(
        "{ command: [groups.sh] }",
        "c.yaml:2:29: command starts with \"groups.sh\"; allowed: the absolute path of a program")]
    [InlineData(
        "{ restart-command: [docker, restart] }",
        "c.yaml:2:37: restart-command starts with \"docker\"; allowed: the absolute path of a program")]
    public void A_backend_s_programs_can_be_run(string groups, string error) =>
        Assert.Equal(error, Error(Section("security-groups", groups)));
}
