using System.Collections.Immutable;
using System.Globalization;
using System.Net;

namespace OvsOffload.Intent.Cloudpods;

/// <summary>The config.yaml of an import.</summary>
internal sealed class ImportText(HostConfFiles files, ImportFacts facts, ImmutableArray<string>.Builder warnings)
{
    private readonly ConfigurationLines _lines = new();

    /// <summary>Writes it.</summary>
    /// <param name="offload">What goes to switchdev mode.</param>
    /// <param name="legacy">What has VFs in legacy mode.</param>
    public string Write(ImmutableArray<ImportUplink> offload, ImmutableArray<ImportUplink> legacy)
    {
        _lines.Comment($"Imported from {string.Join(", ", files.All.Select(file => file.File))}.");
        _lines.Comment("To preview the changes: ovs-offload plan --config THIS-FILE");
        _lines.Key(0, "version", "1", "the version of this format");
        if (!offload.IsEmpty || !legacy.IsEmpty)
        {
            _lines.Head("nics");
            foreach (ImportUplink uplink in offload)
            {
                Nics(uplink, "switchdev", "ovs_offload_nics");
            }

            foreach (ImportUplink uplink in legacy)
            {
                Nics(uplink, "legacy", "sriov_nics");
            }
        }

        Bonds([.. offload.Where(uplink => uplink.Bond is not null)]);
        Bridges(offload);
        if (!offload.IsEmpty)
        {
            _lines.Head("openvswitch");
            _lines.Key(2, "hw-offload", "true", "Cloudpods' host agent sets it too, and never unsets it");
        }

        SecurityGroups(offload);
        Safety();
        return _lines.ToString();
    }

    private void Nics(ImportUplink uplink, string mode, string option)
    {
        foreach (ImportDevice pf in uplink.Functions)
        {
            string of = uplink.Bond is null ? "" : $", a member of {uplink.Name}";
            _lines.Item(2, "pf", Reference(pf), pf.Address is null
                ? $"{uplink.Position}: not found on this host"
                : $"{pf.Name}{of}, a {pf.Model}");
            _lines.Key(4, "mode", mode, $"{uplink.Position}: {option} names {uplink.Name}");
            if (pf.VfLimit is { } limit)
            {
                _lines.Key(
                    4, "vfs", limit.ToString(CultureInfo.InvariantCulture),
                    "sriov_totalvfs: Cloudpods always creates all of them; a lower number is possible");
            }
            else
            {
                warnings.Add($"{uplink.Position}: the VF limit of {pf.Name} is unknown; set vfs:");
            }

            _lines.Key(4, "vf-macs", "keep", "Cloudpods sets a VF's address when its guest starts");
            _lines.Key(4, "vf-driver", "auto", "Cloudpods binds a VF to vfio-pci itself");
        }
    }

    private static string Reference(ImportDevice pf) => ConfigurationLines.Quoted(pf.Address ?? pf.Name);

    private void Bonds(ImmutableArray<ImportUplink> bonds)
    {
        if (bonds.IsEmpty)
        {
            return;
        }

        _lines.Head("bonds");
        foreach (ImportUplink uplink in bonds)
        {
            _lines.Item(2, "name", ConfigurationLines.Plain(uplink.Name), $"{uplink.Position}: ovs_offload_nics");
            _lines.Key(4, "profile", ConfigurationLines.Plain(uplink.Bond!.BondProfile!),
                $"host.conf has no mode; {uplink.Name} on this host is {uplink.Bond.BondMode}. plan shows each option "
                    + "that differs");
            _lines.Key(
                4, "members",
                $"[{string.Join(", ", uplink.Functions.Select(Reference))}]",
                $"this host: {string.Join(", ", uplink.Functions.Select(pf => pf.Name))}");
            _lines.Key(4, "vf-lag", "required", "without it a VF loses connectivity with its own port; Cloudpods does "
                + "not check");
        }
    }

    private void Bridges(ImmutableArray<ImportUplink> offload)
    {
        var named = new HashSet<string>();
        bool head = false;
        foreach (ImportUplink uplink in offload.Where(uplink => uplink is { IsListed: true, Entry: not null }))
        {
            if (!named.Add(uplink.Entry!.Bridge))
            {
                warnings.Add($"{uplink.Position}: {uplink.Entry.Bridge} has two uplinks in networks; only the first is "
                    + "imported");
                continue;
            }

            if (!head)
            {
                _lines.Head("bridges");
                head = true;
            }

            string reference = uplink.Bond is not null
                ? ConfigurationLines.Plain(uplink.Name)
                : Reference(uplink.Functions[0]);
            _lines.Item(
                2, "name", ConfigurationLines.Plain(uplink.Entry.Bridge), $"networks: {uplink.Entry.Written}");
            _lines.Key(4, "uplink", reference, $"networks: {uplink.Entry.Nic}");
            _lines.Key(4, "representors", "none", "Cloudpods adds a guest's representor when the guest starts");
            Addresses(uplink);
        }
    }

    private void Addresses(ImportUplink uplink)
    {
        ImportAddresses addresses = ImportAddresses.Of(uplink.Entry!, facts);
        if (!addresses.Found.IsEmpty)
        {
            _lines.Key(
                4, "addresses",
                $"[{string.Join(", ", addresses.Found.Select(one => ConfigurationLines.Quoted(one.Address)))}]",
                $"networks: {uplink.Entry!.Written}; the prefix length is that on "
                    + string.Join(" and ", addresses.Found.Select(one => one.Device).Distinct()));
        }

        foreach (IPAddress address in addresses.Missing)
        {
            warnings.Add($"{uplink.Position}: {address} of {uplink.Entry!.Written} is neither on {uplink.Entry.Nic} "
                + $"nor on {uplink.Entry.Bridge}, so its prefix length is unknown, and Cloudpods' agent does not "
                + $"start; skipped. Set addresses: of {uplink.Entry.Bridge}");
        }
    }

    private void SecurityGroups(ImmutableArray<ImportUplink> offload)
    {
        bool? off = files.Flag(HostConfFiles.DisableSecurityGroup);
        if (offload.IsEmpty && off is null)
        {
            return;
        }

        _lines.Head("security-groups");
        string where = files[HostConfFiles.DisableSecurityGroup] is { } value
            ? $"{value.Position}: {HostConfFiles.DisableSecurityGroup} is {value.Text}"
            : $"{HostConfFiles.DisableSecurityGroup} is not set";
        _lines.Key(2, "policy", off == true ? "disable" : "auto", off == true
            ? where
            : $"{where}; auto: disabled if the NIC or the kernel cannot offload conntrack");
        _lines.Key(2, "backends", "[]", "nothing is changed; with [cloudpods] ovs-offload sets it for this host");
    }

    private void Safety()
    {
        _lines.Head("safety");
        _lines.Key(2, "protect", "auto", files["listen_interface"] is { } listen
            ? $"{listen.Position}: listen_interface {listen.Text}; auto detects the path to this host from its routes"
            : "detects the path to this host from its routes");
    }
}
