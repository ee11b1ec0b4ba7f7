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

    /// <summary>What of the host an apply of a bond may change, as the kernel's and Open vSwitch's tools tell it.</summary>
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
