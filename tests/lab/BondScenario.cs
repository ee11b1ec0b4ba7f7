using System.Text.Json;

namespace OvsOffload.LabTests;

/// <summary>A scenario in which the configuration asks for a bond of both ports of the first card.</summary>
public abstract class BondScenario(LabMachine machine) : ProgramScenario(machine)
{
    /// <summary>A whole configuration: one VF for each port, the bond in a bridge with all representors.</summary>
    public static string Bonded(string profile, int vfs = 1) =>
        $"""
        version: 1
        nics:
          - pf: "{Pf}"
            mode: switchdev
            vfs: {vfs}
            vf-macs: stable
          - pf: "0000:01:00.1"
            mode: switchdev
            vfs: {vfs}
            vf-macs: stable
        bonds:
          - name: bond0
            profile: {profile}
            members: ["{Pf}", "0000:01:00.1"]
            vf-lag: required
        bridges:
          - name: br1
            uplink: bond0
            representors: all
        openvswitch:
          hw-offload: true
        """;

    /// <summary>The same without the bridge, so that addresses of the ports go to the bond itself.</summary>
    protected static string BondAlone(string profile)
    {
        string whole = Bonded(profile);
        return whole[..whole.IndexOf("bridges:", StringComparison.Ordinal)];
    }

    /// <summary>A switch at the far end, and on the ports an MTU, an address and a route to it.</summary>
    protected const string Carrying =
        """
        make_peer switch 10.0.3.9/24
        for function in 0 1; do ip link set $(uplink $function) mtu 9000 up; done
        ip addr add 10.0.3.1/24 dev $(uplink 0); ip route add 203.0.113.0/24 via 10.0.3.9 metric 77
        """;

    /// <summary>
    /// Makes a bond with a profile on a fresh card, and holds it to its promise: it is in hardware, survives a cable
    /// that is pulled, verify finds nothing, and the next apply leaves it alone.
    /// </summary>
    protected async Task MakeBondAsync(string profile, string peer, string model)
    {
        await ResetAsync($"devid={model}");
        await ConfigureAsync(Bonded(profile));
        await RunAsync($"make_peer {peer} 10.0.0.9/24; start_openvswitch");

        await ProgramAsync(3, "plan");
        await ProgramAsync(0, "apply --yes");

        LabResult lag = await RunAsync("vf_lag active; lag 0 type; lag 1 members");
        Assert.Equal(["switchdev", "0000:01:00.0", "0000:01:00.1"], lag.Lines);

        LabResult guests = await RunAsync(
            """
            for function in 0 1; do add_guest n$function $function 0 10.0.0.$((function + 1))/24; done
            for guest in n0 n1; do wait_until 10 ip netns exec $guest ping -q -c 1 -W 1 10.0.0.9; done
            for function in 0 1; do representor $function 0; done
            """);
        await StartTrafficAsync("n0", "10.0.0.9");
        await StartTrafficAsync("n0", "10.0.0.2");
        foreach ((string from, string to) in new[]
        {
            (guests.Lines[0], "bond0"), ("bond0", guests.Lines[0]), (guests.Lines[0], guests.Lines[1]),
        })
        {
            await UntilOffloadedAsync($"in_port({from})", $"actions:{to}");
        }

        LabResult failover = await RunAsync("end_traffic; lose_cable n0 10.0.0.9", TimeSpan.FromMinutes(5));
        TestContext.Current.TestOutputHelper?.WriteLine($"{profile}: {failover.Lines[0]} ms");

        // A port whose cable came back is up before its LACP partner has taken it in again.
        IReadOnlyList<JsonElement> checks = await UntilAsync(
            "no check of bonds finds anything",
            BondChecksAsync,
            all => !all.Any(check => Status(check) is "error" or "warning"),
            all => string.Join('\n', all));
        Assert.Contains(checks, check => Is(check, "B06", "ok", "bond0"));
        string host = await BondHostAsync();
        await ProgramAsync(0, "plan");
        LabResult again = await ProgramAsync(0, "apply --yes");
        Assert.Equal(host, await BondHostAsync());
        Assert.DoesNotContain("lag map", again.KernelLog);
    }

    /// <summary>What the checks of bonds say.</summary>
    protected async Task<IReadOnlyList<JsonElement>> BondChecksAsync() =>
    [
        .. (await JsonAsync("verify")).GetProperty("checks").EnumerateArray()
            .Where(check => check.GetProperty("id").GetString()!.StartsWith('B')),
    ];

    /// <summary>Whether a check of this id has this status for this object.</summary>
    protected static bool Is(JsonElement check, string id, string status, string name) =>
        check.GetProperty("id").GetString() == id && Status(check) == status
        && check.GetProperty("object").GetString() == name;

    /// <summary>The status of a check.</summary>
    protected static string Status(JsonElement check) => check.GetProperty("status").GetString()!;

    /// <summary>
    /// What of the host an apply of a bond may change, as the kernel's and Open vSwitch's tools tell it.
    /// </summary>
    protected async Task<string> BondHostAsync() => (await RunAsync(
        """
        for function in 0 1; do
          devlink dev eswitch show pci/$(pf_address $function)
          path=$(pf_path $function); cat $path/sriov_numvfs $path/sriov_drivers_autoprobe
          for vf in $path/virtfn*; do
            [ -e $vf ] || continue
            echo "$vf $(readlink $vf) $(basename "$(readlink $vf/driver || echo none)") $(cat $vf/net/*/address)"
          done
          ip -d -j link show $(uplink $function) |
            jq -c '.[0] | [.ifname, .mtu, .address, .master, (.flags | index("UP") != null), [.vfinfo_list[]?.address]]'
        done
        if [ -e /sys/class/net/bond0 ]; then
          read -r mode < /sys/class/net/bond0/bonding/mode; echo "bond $mode"; cat /sys/class/net/bond0/address
          ip -j addr show bond0 | jq -c '[.[0].addr_info[] | select(.scope == "global") | .local]'
        fi
        ovs-vsctl get Open_vSwitch . other_config
        for bridge in $(ovs-vsctl list-br); do echo $bridge $(ovs-vsctl list-ports $bridge); done
        """)).Output;
}
