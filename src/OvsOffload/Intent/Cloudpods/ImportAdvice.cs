using System.Collections.Immutable;

namespace OvsOffload.Intent.Cloudpods;

/// <summary>What of Cloudpods' files an operator has to know who moves: what does not fit offload, and what stays
/// behind.</summary>
internal static class ImportAdvice
{
    private const string Groups = HostConfFiles.DisableSecurityGroup;

    /// <summary>The options that the imported configuration holds in its own way.</summary>
    private static readonly string[] ImportedOptions = ["ovs_offload_nics", "sriov_nics", Groups];

    /// <summary>Adds warnings.</summary>
    public static void Judge(
        HostConfFiles files, ImportFacts facts, IReadOnlyList<(NetworksEntry Entry, HostConfValue Value)> networks,
        ImmutableArray<ImportUplink> offload, ImmutableArray<string>.Builder warnings)
    {
        SecurityGroups(files, facts, offload, warnings);
        foreach ((NetworksEntry entry, HostConfValue value) in networks)
        {
            if (entry.Nic.Length > 0 && facts.Find(entry.Nic) is null)
            {
                warnings.Add($"{value.Position}: this host has no device {entry.Nic}, which is in networks");
            }
            else if (entry.Wire is { Length: > 0 } && facts.Find(entry.Nic) is { Addresses: [var address, ..] })
            {
                warnings.Add($"{value.Position}: {entry.Nic} has {address}, but {entry.Written} names a wire: "
                    + "Cloudpods expects no IP address on such a NIC");
            }
        }

        if (files["bridge_driver"] is { } driver && driver.Text != "openvswitch" && !offload.IsEmpty)
        {
            warnings.Add($"{driver.Position}: bridge_driver is {driver.Text}; offload needs Open vSwitch");
        }

        if (files["host_type"] is { Text: "container" } type)
        {
            warnings.Add($"{type.Position}: host_type is container; Cloudpods creates no VFs on such a host");
        }

        if (files.Flag("sdn_enable_tc_man") != false && !offload.IsEmpty)
        {
            SourcePosition position = files["sdn_enable_tc_man"]?.Position ?? offload[0].Position;
            warnings.Add($"{position}: sdn_enable_tc_man is "
                + $"{(files["sdn_enable_tc_man"] is null ? "true by default" : "true")}: offloaded flows bypass the "
                + "bandwidth limits that sdnagent sets on representors (tbf, ifb); use the VF's rate (max_tx_rate), "
                + "which Cloudpods sets when a guest starts");
        }

        if (files["ovn_encap_ip"] is { } unseen && offload.Any(uplink => !uplink.IsSeen))
        {
            warnings.Add($"{unseen.Position}: cannot check here whether ovn_encap_ip {unseen.Text} is on an offloaded "
                + "uplink (a PF or bond), without which tunnels are not offloaded");
        }
        else if (files["ovn_encap_ip"] is { } encap && !offload.IsEmpty
            && !offload.Any(uplink => HasAddress(uplink, facts, encap.Text)))
        {
            warnings.Add($"{encap.Position}: ovn_encap_ip {encap.Text} is not on an offloaded uplink; tunnels are "
                + "offloaded only if their endpoint is on the uplink (a PF or bond) itself");
        }

        if (files["tunnel_padding_bytes"] is { Text: not "0" } padding)
        {
            warnings.Add($"{padding.Position}: tunnel_padding_bytes is {padding.Text}: uplinks need a correspondingly "
                + "larger MTU than 1500; set mtu: of the PF or bond");
        }
    }

    /// <summary>Adds what is not imported, with why.</summary>
    public static void NotImported(
        HostConfFiles files, ImportFacts facts, IReadOnlyList<(NetworksEntry Entry, HostConfValue Value)> networks,
        ImmutableArray<ImportUplink> offload, ImmutableArray<string>.Builder left)
    {
        foreach ((NetworksEntry entry, HostConfValue value) in networks)
        {
            if (!offload.Any(uplink => uplink.Entry == entry))
            {
                left.Add($"{value.Position}: networks {entry.Written}: not offloaded; its bridge is left unchanged");
            }
            else
            {
                left.AddRange(ImportAddresses.Of(entry, facts).Missing.Select(address =>
                    $"{value.Position}: address {address} in {entry.Written}: not on any device of this host"));
            }
        }

        foreach (HostConf file in files.All)
        {
            foreach ((string option, HostConfValue value) in file.Values)
            {
                if (option == "networks" || (ImportedOptions.Contains(option) && files[option] == value))
                {
                    continue;
                }

                string why = ImportedOptions.Contains(option)
                    ? files[option] is { } winner
                        ? $"{winner.Position} overrides it"
                        : "common.conf does not set it and replaces it with its default"
                    : HostConfOption.Find(option)?.Fate ?? (HostConfOption.Find(option) is null
                        ? "not related to offload"
                        : "no equivalent setting");
                left.Add($"{value.Position}: {option}: {why}");
            }
        }
    }

    private static void SecurityGroups(
        HostConfFiles files, ImportFacts facts, ImmutableArray<ImportUplink> offload,
        ImmutableArray<string>.Builder warnings)
    {
        if (files.Host?[Groups] is { } own && files.Common is null && files.Local?[Groups] is null)
        {
            warnings.Add($"{own.Position}: {Groups} is only in host.conf; in Kubernetes the ConfigMap "
                + $"{ConfigMapText.Name} ({ConfigMapText.Namespace}) overrides it. Import that file too (kubectl -n "
                + $"{ConfigMapText.Namespace} get configmap {ConfigMapText.Name} -o yaml)");
        }

        if (files.Host?[Groups] is { } lost && files.Common is not null
            && files.Flag(Groups) != files.Host.Flag(Groups))
        {
            warnings.Add($"{lost.Position}: {Groups} is {lost.Text} here and has no effect, because "
                + $"{(files[Groups] is { } winner ? winner.Position.ToString() : files.Common.File)} wins");
        }

        ImportDevice? old = offload.SelectMany(uplink => uplink.Functions).FirstOrDefault(pf => pf.LacksConntrack);
        bool isOldKernel = facts.KernelTracks == false && offload.Any(uplink => uplink.IsSeen);
        if (files.Flag(Groups) != true && (old is not null || isOldKernel))
        {
            string position = (files[Groups]?.Position ?? offload[0].Position).ToString();
            warnings.Add($"{position}: {Groups} is "
                + $"{(files[Groups] is { } stated ? stated.Text : "false by default")}, and "
                + (old is not null ? $"{old.Name} is a {old.Model}, which offloads" : "this kernel offloads")
                + " conntrack badly or not at all: with security groups enabled, the guests' traffic stays in "
                + "software");
        }

        if (files.Flag(Groups) == true && old is null && facts.KernelTracks != false && !offload.IsEmpty
            && offload.All(uplink => uplink.IsSeen))
        {
            warnings.Add($"{files[Groups]!.Position}: {Groups} is true, but every NIC of this host can offload "
                + "conntrack; security groups could be enabled (policy: auto)");
        }
    }

    private static bool HasAddress(ImportUplink uplink, ImportFacts facts, string address) =>
        uplink.Functions.Append(uplink.Bond).OfType<ImportDevice>()
            .Concat(facts.Devices.Where(device => device.Parent == uplink.Name))
            .Any(device => device.Addresses.Any(one => one.Address.ToString() == address));
}
