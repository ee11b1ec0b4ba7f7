using System.Collections.Immutable;

namespace OvsOffload.Intent.Cloudpods;

/// <summary>What of Cloudpods' files an operator has to know who moves: what does not fit offload, and what stays
/// behind.</summary>
internal static class ImportAround
{
    private const string Groups = HostConfFiles.DisableSecurityGroup;

    /// <summary>The options that the imported configuration holds in its own way.</summary>
    private static readonly string[] Taken = ["ovs_offload_nics", "sriov_nics", Groups];

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
                warnings.Add($"{value.Position}: there is no device {entry.Nic} of networks on this host");
            }
            else if (entry.Wire is { Length: > 0 } && facts.Find(entry.Nic) is { Addresses: [var address, ..] })
            {
                warnings.Add($"{value.Position}: {entry.Nic} has {address}, and {entry.Written} names a wire: "
                    + "Cloudpods wants no IP address on such a NIC");
            }
        }

        if (files["bridge_driver"] is { } driver && driver.Text != "openvswitch" && !offload.IsEmpty)
        {
            warnings.Add($"{driver.Position}: bridge_driver is {driver.Text}; offload needs Open vSwitch");
        }

        if (files["host_type"] is { Text: "container" } type)
        {
            warnings.Add($"{type.Position}: host_type is container; Cloudpods makes no VFs on such a host");
        }

        if (files.Flag("sdn_enable_tc_man") != false && !offload.IsEmpty)
        {
            SourcePosition position = files["sdn_enable_tc_man"]?.Position ?? offload[0].Position;
            warnings.Add($"{position}: sdn_enable_tc_man is "
                + $"{(files["sdn_enable_tc_man"] is null ? "true by default" : "true")}: "
                + "the bandwidth limits that sdnagent puts on representors (tbf, ifb) are bypassed by offloaded "
                + "flows; use the VF's rate (max_tx_rate), which Cloudpods sets when a guest starts");
        }

        if (files["ovn_encap_ip"] is { } encap && !offload.IsEmpty
            && !offload.Any(uplink => HasAddress(uplink, facts, encap.Text)))
        {
            warnings.Add($"{encap.Position}: ovn_encap_ip {encap.Text} is on none of the offloaded uplinks; tunnels "
                + "are offloaded only where their endpoint is on the uplink (a PF or bond) itself");
        }

        if (files["tunnel_padding_bytes"] is { Text: not "0" } padding)
        {
            warnings.Add($"{padding.Position}: tunnel_padding_bytes is {padding.Text}: uplinks need an MTU of 1500 "
                + "and as much more; say mtu: of the bond, or set it with the distribution's tools");
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
                left.Add($"{value.Position}: networks {entry.Written}: no offload, so its bridge stays as the host "
                    + "has it");
            }
            else
            {
                left.AddRange(ImportAddresses.Of(entry, facts).Missing.Select(address =>
                    $"{value.Position}: the address {address} in {entry.Written}: no device of this host has it"));
            }
        }

        foreach (HostConf file in files.All)
        {
            foreach ((string option, HostConfValue value) in file.Values)
            {
                if (option == "networks" || (Taken.Contains(option) && files[option] == value))
                {
                    continue;
                }

                string why = Taken.Contains(option)
                    ? files[option] is { } winner
                        ? $"{winner.Position} overrides it"
                        : "common.conf, which does not set it, replaces it with its default"
                    : HostConfOption.Find(option)?.Fate ?? (HostConfOption.Find(option) is null
                        ? "has nothing to do with offload"
                        : "there is no such setting here");
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
            warnings.Add($"{own.Position}: {Groups} stands in host.conf alone; in Kubernetes the ConfigMap "
                + $"{ConfigMapText.Name} ({ConfigMapText.Namespace}) replaces it, and it is worth nothing. Import "
                + $"that file too (kubectl -n {ConfigMapText.Namespace} get configmap {ConfigMapText.Name} -o yaml)");
        }

        if (files.Host?[Groups] is { } lost && files.Common is not null
            && files.Flag(Groups) != files.Host.Flag(Groups))
        {
            warnings.Add($"{lost.Position}: {Groups} is {lost.Text} here and has no effect, because "
                + $"{(files[Groups] is { } winner ? winner.Position.ToString() : files.Common.File)} wins");
        }

        ImportDevice? old = offload.SelectMany(uplink => uplink.Functions).FirstOrDefault(pf => pf.LacksConntrack);
        if (files.Flag(Groups) != true && (old is not null || (facts.KernelTracks == false && !offload.IsEmpty)))
        {
            string position = (files[Groups]?.Position ?? offload[0].Position).ToString();
            warnings.Add($"{position}: {Groups} is "
                + $"{(files[Groups] is { } stated ? stated.Text : "false by default")}, and "
                + (old is not null ? $"{old.Name} is a {old.Model}, which offloads" : "this kernel offloads")
                + " conntrack badly or not at all: with security groups on, the guests' traffic stays in software");
        }

        if (files.Flag(Groups) == true && old is null && facts.KernelTracks != false && !offload.IsEmpty
            && offload.All(uplink => uplink.Functions.All(pf => pf.Address is not null)))
        {
            warnings.Add($"{files[Groups]!.Position}: {Groups} is true, and every NIC of this host can offload "
                + "conntrack; security groups could be on (policy: auto)");
        }
    }

    private static bool HasAddress(ImportUplink uplink, ImportFacts facts, string address) =>
        uplink.Functions.Append(uplink.Bond).OfType<ImportDevice>()
            .Concat(facts.Devices.Where(device => device.Parent == uplink.Name))
            .Any(device => device.Addresses.Any(one => one.Split('/')[0] == address));
}
