namespace OvsOffload.LabTests.Scenarios;

/// <summary>A bond of ours without members is brought to carry again, whoever emptied it.</summary>
[Collection(OnBondMachine.Name)]
public sealed class KilledBondTests(BondMachine machine) : BondScenario(machine)
{
    private const string Join = "killed_at 'link-up:0000:01:00.0 uplink' apply --yes";

    /// <summary>What devices there are and what they carry.</summary>
    private const string Carried =
        """
        ip -j -d addr | jq -c 'sort_by(.ifname)[] | [.ifname, .mtu, .master, (.flags | index("UP") != null),
          [.addr_info[] | select(.scope == "global") | "\(.local)/\(.prefixlen)"]]'
        ip route; cat /sys/bus/pci/devices/0000:01:00.*/sriov_numvfs
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    [Fact]
    public async Task Killed_while_a_bond_has_the_address_and_no_member_apply_gives_it_members_and_revert_undoes_it()
    {
        await ConfigureAsync(BondAlone("active-backup"));
        await RunAsync(Carrying);
        string before = (await RunAsync(Carried)).Output;
        await SetNicAsync("close_delay_ms", 3000);

        await RunAsync(Join, Patience);
        LabResult killed = await RunAsync(
            "ip -4 -br addr show bond0; ls /sys/class/net/bond0 | grep -c lower_ || true");
        await ProgramAsync(3, "plan");
        await ProgramAsync(0, "apply --yes");
        LabResult carries = await RunAsync(
            "wait_until 10 ping -q -c 1 -W 1 10.0.3.9; vf_lag active; cat /sys/class/net/bond0/mtu; ip route show "
                + "203.0.113.0/24");
        LabResult drivers = await RunAsync("ls -d /sys/bus/pci/devices/0000:01:00.*/virtfn0/driver");
        await ProgramAsync(0, "plan");

        // Somebody takes the members out, in which case the kernel sets them down; with VFs bound the card would make
        // no LAG again before its driver is restarted.
        await RunAsync("unbind_vfs 0 1; for function in 0 1; do ip link set $(uplink $function) nomaster; done");
        await ProgramAsync(3, "plan");
        await ProgramAsync(0, "apply --yes");
        await RunAsync("wait_until 10 ping -q -c 1 -W 1 10.0.3.9; vf_lag active");
        await ProgramAsync(0, "revert --yes");
        string reverted = (await RunAsync(Carried)).Output;

        await RunAsync(Join, Patience);
        await ProgramAsync(0, "revert --yes");
        string after = (await RunAsync(Carried)).Output;

        Assert.Contains("10.0.3.1/24", killed.Lines[0]);
        Assert.Equal("0", killed.Lines[1]);
        Assert.Contains("9000", carries.Lines);
        Assert.Contains("via 10.0.3.9 dev bond0", carries.Output);
        Assert.Equal(2, drivers.Lines.Count);
        Assert.Equal(before, reverted);
        Assert.Equal(before, after);
        await RunAsync("wait_until 10 ping -q -c 1 -W 1 10.0.3.9");
    }
}
