using System.Collections.Immutable;
using System.Net;
using OvsOffload.Intent.Configuration;

namespace OvsOffload.Intent.Cloudpods;

/// <summary>What an import makes of Cloudpods' files: an intent, and for each of its values why it is so.</summary>
internal sealed class ImportedIntent
{
    /// <summary>Stands where the operator has to write something; no profile is called so.</summary>
    private const string FillIn = "FILL-IN";

    private readonly HostConfFiles _files;
    private readonly ImportFacts _facts;
    private readonly ImmutableArray<string>.Builder _warnings;
    private readonly ConfigurationRemarks _remarks;

    private ImportedIntent(
        HostConfFiles files, ImportFacts facts, ImmutableArray<string>.Builder warnings, bool isComplete)
    {
        _files = files;
        _facts = facts;
        _warnings = warnings;
        _remarks = new ConfigurationRemarks
        {
            Heading =
            [
                $"Imported from {string.Join(", ", files.All.Select(file => file.File))}.",
                .. isComplete ? (string[])[] : [$"Not complete: search for {FillIn}."],
                "To preview the changes: ovs-offload plan --config THIS-FILE",
            ],
        };
    }

    /// <summary>The config.yaml of an import.</summary>
    /// <param name="files">The files.</param>
    /// <param name="facts">The host that they are for.</param>
    /// <param name="offload">What goes to switchdev mode.</param>
    /// <param name="legacy">What has VFs in legacy mode.</param>
    /// <param name="warnings">Where warnings go.</param>
    public static string Write(
        HostConfFiles files,
        ImportFacts facts,
        ImmutableArray<ImportUplink> offload,
        ImmutableArray<ImportUplink> legacy,
        ImmutableArray<string>.Builder warnings)
    {
        var imported = new ImportedIntent(
            files, facts, warnings, offload.All(uplink => uplink.Functions.Length > 0));
        return ConfigurationWriter.Write(imported.Make(offload, legacy), imported._remarks);
    }

    private HostIntent Make(ImmutableArray<ImportUplink> offload, ImmutableArray<ImportUplink> legacy)
    {
        var intent = new HostIntent
        {
            Nics =
            [
                .. offload.SelectMany(uplink => Nics(uplink, NicMode.Switchdev, "ovs_offload_nics")),
                .. legacy.SelectMany(uplink => Nics(uplink, NicMode.Legacy, "sriov_nics")),
            ],
            Bonds = [.. offload.Where(uplink => uplink.Bond is not null).Select(Bond)],
            Bridges = [.. Bridges(offload)],
            OpenVSwitch = OpenVSwitch(offload),
            SecurityGroups = SecurityGroups(offload),
            Safety = Safety(),
        };
        return Remark(intent, ConfigurationKeys.Version, "the version of this format");
    }

    private IEnumerable<NicIntent> Nics(ImportUplink uplink, NicMode mode, string option) =>
        uplink.Functions.Select(pf => Nic(uplink, pf, mode, option));

    private NicIntent Nic(ImportUplink uplink, ImportDevice pf, NicMode mode, string option)
    {
        var nic = new NicIntent { Pf = Reference(pf), Mode = mode, Vfs = pf.VfLimit };
        string of = uplink.Bond is null ? "" : $", a member of {uplink.Name}";
        Remark(nic, NicKeys.Pf, pf.Address is null
            ? $"{uplink.Position}: not found on this host"
            : $"{pf.Name}{of}, a {pf.Model}");
        Remark(nic, NicKeys.Mode, $"{uplink.Position}: {option} names {uplink.Name}");
        Remark(nic, NicKeys.Vfs,
            "sriov_totalvfs: Cloudpods always creates all of them; a lower number is possible");
        Remark(nic, NicKeys.VfMacs, "Cloudpods sets a VF's address when its guest starts");
        Remark(nic, NicKeys.VfDriver, "Cloudpods binds a VF to vfio-pci itself");
        if (pf.VfLimit is null)
        {
            _warnings.Add($"{uplink.Position}: the VF limit of {pf.Name} is unknown; set vfs:");
        }

        return nic;
    }

    private BondIntent Bond(ImportUplink uplink)
    {
        var bond = new BondIntent
        {
            Name = uplink.Name,
            Profile = uplink.Bond!.BondProfile ?? FillIn,
            Members = [.. uplink.Functions.Select(Reference)],
            VfLag = VfLagRequirement.Required,
        };
        Remark(bond, BondKeys.Name, $"{uplink.Position}: ovs_offload_nics");
        Remark(bond, BondKeys.Profile, uplink.IsSeen
            ? $"host.conf has no mode; {uplink.Name} on this host is {uplink.Bond.BondMode}. plan shows each option "
                + "that differs"
            : $"{uplink.Name} is not on this host, and host.conf has no mode: one of ovs-offload bond profiles");
        Remark(bond, BondKeys.Members, uplink.IsSeen
            ? $"this host: {string.Join(", ", uplink.Functions.Select(pf => pf.Name))}"
            : $"{FillIn}: the PFs of {uplink.Name}, each one also under nics");
        return Remark(bond, BondKeys.VfLag,
            "without it a VF loses connectivity with its own port; Cloudpods does not check");
    }

    private IEnumerable<BridgeIntent> Bridges(ImmutableArray<ImportUplink> offload)
    {
        var named = new HashSet<string>();
        foreach (ImportUplink uplink in offload.Where(uplink => uplink is { IsListed: true, Entry: not null }))
        {
            if (named.Add(uplink.Entry!.Bridge))
            {
                yield return Bridge(uplink, uplink.Entry);
            }
            else
            {
                _warnings.Add($"{uplink.Position}: {uplink.Entry.Bridge} has two uplinks in networks; only the first "
                    + "is imported");
            }
        }
    }

    private BridgeIntent Bridge(ImportUplink uplink, NetworksEntry entry)
    {
        var addresses = ImportAddresses.Of(entry, _facts);
        var bridge = new BridgeIntent
        {
            Name = entry.Bridge,
            Uplink = uplink.Bond is null
                ? new BridgeUplink(null, Reference(uplink.Functions[0]))
                : new BridgeUplink(uplink.Name, null),
            Representors = RepresentorPorts.None,
            Addresses = [.. addresses.Found.Select(one => one.Address)],
        };
        Remark(bridge, BridgeKeys.Name, $"networks: {entry.Written}");
        Remark(bridge, BridgeKeys.Uplink, $"networks: {entry.Nic}");
        Remark(bridge, BridgeKeys.Representors, "Cloudpods adds a guest's representor when the guest starts");
        if (!addresses.Found.IsEmpty)
        {
            Remark(bridge, BridgeKeys.Addresses, $"networks: {entry.Written}; the prefix length is that on "
                + string.Join(" and ", addresses.Found.Select(one => one.Device).Distinct()));
        }

        bool isSeen = _facts.Find(entry.Nic) is not null || _facts.Find(entry.Bridge) is not null;
        foreach (IPAddress address in addresses.Missing)
        {
            _warnings.Add(!isSeen
                ? $"{uplink.Position}: the prefix length of {address} in {entry.Written} is not known: neither "
                    + $"{entry.Nic} nor {entry.Bridge} is on this host. Skipped; set addresses: of {entry.Bridge}"
                : $"{uplink.Position}: {address} of {entry.Written} is neither on {entry.Nic} nor on "
                + $"{entry.Bridge}, so its prefix length is unknown, and Cloudpods' agent does not start; skipped. "
                + $"Set addresses: of {entry.Bridge}");
        }

        return bridge;
    }

    private OpenVSwitchIntent OpenVSwitch(ImmutableArray<ImportUplink> offload) => offload.IsEmpty
        ? new OpenVSwitchIntent()
        : Remark(
            new OpenVSwitchIntent { HwOffload = true }, OpenVSwitchKeys.HwOffload,
            "Cloudpods' host agent sets it too, and never unsets it");

    private SecurityGroupIntent SecurityGroups(ImmutableArray<ImportUplink> offload)
    {
        bool? off = _files.Flag(HostConfFiles.DisableSecurityGroup);
        if (offload.IsEmpty && off is null)
        {
            return new SecurityGroupIntent();
        }

        var groups = new SecurityGroupIntent
        {
            Policy = off == true ? SecurityGroupPolicy.Disable : SecurityGroupPolicy.Auto,
        };
        string where = _files[HostConfFiles.DisableSecurityGroup] is { } value
            ? $"{value.Position}: {HostConfFiles.DisableSecurityGroup} is {value.Text}"
            : $"{HostConfFiles.DisableSecurityGroup} is not set";
        Remark(groups, SecurityGroupKeys.Policy, off == true
            ? where
            : $"{where}; auto: disabled if the NIC or the kernel cannot offload conntrack");
        return Remark(groups, SecurityGroupKeys.Backends,
            "nothing is changed; with [cloudpods] ovs-offload sets it for this host");
    }

    private SafetyIntent Safety() => Remark(
        new SafetyIntent(), SafetyKeys.Protect, _files["listen_interface"] is { } listen
            ? $"{listen.Position}: listen_interface {listen.Text}; auto detects the path to this host from its routes"
            : "detects the path to this host from its routes");

    private T Remark<T>(T owner, Declaration key, string why)
        where T : class
    {
        _remarks.Add(owner, key, why);
        return owner;
    }

    private static PfReference Reference(ImportDevice pf) => pf.Address is { } address
        ? new PfReference(PfReferenceKind.PciAddress, address, address, SourcePosition.Defaults)
        : new PfReference(PfReferenceKind.InterfaceName, pf.Name, pf.Name, SourcePosition.Defaults);
}
