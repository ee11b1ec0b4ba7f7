namespace OvsOffload.LabTests.Scenarios;

/// <summary>Bonds that cannot be as they are written: one clear error each, and nothing touched.</summary>
[Collection(OnBondMachine.Name)]
public sealed class BondInputTests(BondMachine machine) : BondScenario(machine)
{
    private const string Members = "members: [\"0000:01:00.0\", \"0000:01:00.1\"]";
    private const string Fast = "/etc/ovs-offload/bond-profiles/site.yaml";

    /// <summary>What is wrong; what of the good configuration is replaced, by what; the words of the error.</summary>
    private static readonly (string What, string Right, string Wrong, string Words)[] Wrongs =
    [
        ("two cards", "0000:01:00.1", "0000:02:00.0", "are ports of two cards"),
        ("one PF", Members, "members: [\"0000:01:00.0\"]", "but it has only one member"),
        ("a VF", "0000:01:00.1", "0000:02:10.0", "this is VF 0 of 0000:02:00.0"),
        ("a stranger", Members, "members: [\"0000:01:00.0\", \"stranger0\"]", "stranger0"),
        ("an unknown profile", "profile: lacp", "profile: lapc", "unknown bond profile \"lapc\""),
        ("an unknown option", "profile: lacp", "profile: site", "site.yaml:2:"),
        ("two bonds with one member", "bonds:",
            "  - pf: \"0000:02:00.0\"\n    mode: switchdev\n"
                + "bonds:\n  - name: bond1\n    profile: lacp\n    members: [\"0000:01:00.0\", \"0000:02:00.0\"]",
            "already"),
    ];

    [Fact]
    public async Task An_impossible_bond_is_one_error_and_nothing_is_changed()
    {
        await ConfigureAsync(Bonded("lacp"));
        LabResult vf = await RunAsync(
            """
            start_openvswitch; ip link add stranger0 type veth
            echo 1 > $(pf_path 2)/sriov_numvfs; basename $(vf_path 2 0)
            mkdir -p /etc/ovs-offload/bond-profiles
            printf 'mode: 802.3ad\nlacp_speed: fast\n' > /etc/ovs-offload/bond-profiles/site.yaml
            """);
        string before = await BondHostAsync();
        foreach ((string? what, string? right, string? wrong, string? words) in Wrongs)
        {
            string good = Bonded("lacp");
            Assert.Contains(right, good);
            await WriteFileAsync(Config, good.Replace(right, wrong.Replace("0000:02:10.0", vf.Text)));

            LabResult result = await ProgramAsync("apply --yes");

            Assert.True(result.ExitCode == 2, $"{what}: exit status 2 was expected\n{result}");
            string error = Assert.Single(result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
            Assert.Contains(words, error);
            Assert.Equal(before, await BondHostAsync());
        }

        await WriteFileAsync(Fast, "mode: 802.3ad\nmiimon: 9999999999s\n");
        await WriteFileAsync(Config, Bonded("site"));
        LabResult range = await ProgramAsync(2, "apply --yes");
        Assert.Contains("site.yaml:2:", Assert.Single(range.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal(before, await BondHostAsync());
    }
}
