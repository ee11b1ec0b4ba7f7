using System.Collections.Immutable;
using OvsOffload.Intent.Configuration;

namespace OvsOffload.Intent.Cloudpods;

/// <summary>What kind of value an option takes.</summary>
internal enum HostConfKind
{
    Text,
    Flag,
    List,
}

/// <summary>An option of Cloudpods' host agent that has to do with offload (pkg/hostman/options of
/// Cloudpods).</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it takes.</param>
/// <param name="Fate">Why it is not imported; null where the importer takes it, or judges it.</param>
internal sealed record HostConfOption(string Name, HostConfKind Kind, string? Fate = null)
{
    private const string Agents = "used by Cloudpods' agents only";

    /// <summary>The options.</summary>
    public static ImmutableArray<HostConfOption> All { get; } =
    [
        new("networks", HostConfKind.List),
        new("sriov_nics", HostConfKind.List),
        new("ovs_offload_nics", HostConfKind.List),
        new("disable_security_group", HostConfKind.Flag),
        new("bridge_driver", HostConfKind.Text),
        new("listen_interface", HostConfKind.Text),
        new("host_type", HostConfKind.Text),
        new("ovn_encap_ip", HostConfKind.Text),
        new("sdn_enable_tc_man", HostConfKind.Flag),
        new("tunnel_padding_bytes", HostConfKind.Text),
        new("ovn_underlay_mtu", HostConfKind.Text),
        new("disable_sriov_nic", HostConfKind.Flag, "ignored by Cloudpods 3.10 and later"),
        new("ovn_integration_bridge", HostConfKind.Text, "OVN creates its own bridges"),
        new("ovn_mapped_bridge", HostConfKind.Text, "OVN creates its own bridges"),
        new("ovn_eip_bridge", HostConfKind.Text, "OVN creates its own bridges"),
        new("ovn_south_database", HostConfKind.Text, Agents),
        new("ethtool_enable_gso", HostConfKind.Flag, "does not affect offloaded flows"),
        new("ethtool_enable_gso_interfaces", HostConfKind.List, "does not affect offloaded flows"),
        new("ethtool_disable_gso_interfaces", HostConfKind.List, "does not affect offloaded flows"),
        new("allow_switch_vms", HostConfKind.Flag, Agents),
        new("allow_router_vms", HostConfKind.Flag, Agents),
        new("sdn_allow_conntrack_invalid", HostConfKind.Flag, Agents),
        new("skip_check_kernel_mods", HostConfKind.List, Agents),
        new("disable_kvm", HostConfKind.Flag, Agents),
        new("disable_local_vpc", HostConfKind.Flag, Agents),
        new("enable_openflow_controller", HostConfKind.Flag, Agents),
        new("host_local_bridge_name", HostConfKind.Text, Agents),
        new("tap_bridge_name", HostConfKind.Text, Agents),
    ];

    /// <summary>The option of a name, exactly.</summary>
    public static HostConfOption? Find(string name) => All.FirstOrDefault(option => option.Name == name);

    /// <summary>The option that a name may be a mistyping of; null for a name of Cloudpods' many others.</summary>
    public static string? Suggest(string name) => Suggestion.Find(name, All.Select(option => option.Name));
}
