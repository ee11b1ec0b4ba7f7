using System.Collections.Immutable;

namespace OvsOffload.Intent.Cloudpods;

/// <summary>A PF, or a bond of PFs, that a list of NICs names.</summary>
/// <param name="Name">As the list has it.</param>
/// <param name="Position">Where the list stands.</param>
/// <param name="Bond">The bond; null for a PF alone.</param>
/// <param name="Functions">The PFs; one that is not on this host is there with its name alone. None for a bond that is
/// not on this host.</param>
/// <param name="Entry">Its entry of <c>networks</c>, or the first one where it has none; null where there are
/// none.</param>
/// <param name="IsListed">Whether the entry is its own.</param>
internal sealed record ImportUplink(
    string Name,
    SourcePosition Position,
    ImportDevice? Bond,
    ImmutableArray<ImportDevice> Functions,
    NetworksEntry? Entry,
    bool IsListed)
{
    /// <summary>Whether it is on this host, so that something is known of it.</summary>
    public bool IsSeen => Functions.Length > 0 && Functions.All(pf => pf.Address is not null);
}

/// <summary>Finds what the names in <c>ovs_offload_nics</c> and <c>sriov_nics</c> are on this host.</summary>
internal sealed class ImportChoice(
    ImportFacts facts, IReadOnlyList<(NetworksEntry Entry, HostConfValue Value)> networks,
    ImmutableArray<string>.Builder warnings)
{
    private const string Offload = "ovs_offload_nics";

    /// <summary>The uplinks that a list names; those that cannot be used are left out, and said.</summary>
    public ImmutableArray<ImportUplink> Uplinks(HostConfValue? list, string option)
    {
        ImmutableArray<ImportUplink>.Builder uplinks = ImmutableArray.CreateBuilder<ImportUplink>();
        if (list is null)
        {
            return [];
        }

        foreach (string name in list.Items)
        {
            if (uplinks.Any(one => one.Name == name))
            {
                warnings.Add($"{list.Position}: {option} names {name} twice");
                continue;
            }

            if (Uplink(name, list.Position, option) is not { } uplink)
            {
                continue;
            }

            if (uplink.Functions.FirstOrDefault(pf => uplinks.Any(one => one.Functions.Any(its => its.Name == pf.Name)))
                is { } twice)
            {
                warnings.Add($"{list.Position}: {twice.Name} is in {option} directly and in a bond; {name} is skipped");
                continue;
            }

            uplinks.Add(uplink);
        }

        return uplinks.ToImmutable();
    }

    private ImportUplink? Uplink(string name, SourcePosition position, string option)
    {
        ImportDevice? device = facts.Find(name);
        NetworksEntry? own = networks.Select(network => network.Entry).FirstOrDefault(entry => entry.Nic == name);
        if (own is null && option == Offload)
        {
            warnings.Add($"{position}: {name} has no entry in networks; Cloudpods uses the bridge and the wire of the "
                + $"first entry{(networks.Count > 0 ? $", {networks[0].Entry.Written}" : ", and there is none")}");
        }

        NetworksEntry? entry = own ?? (networks.Count > 0 ? networks[0].Entry : null);
        switch (device?.Kind)
        {
            case null when MayBeBond(name) && option == Offload:
                warnings.Add($"{position}: this host has no device {name}, which may be a bond; its mode and members "
                    + "are not in host.conf. Fill in its entry under bonds, and its members under nics, or run this on "
                    + "the host that has it");
                return new ImportUplink(
                    name, position, new ImportDevice { Name = name, Kind = ImportDeviceKind.Bond }, [], entry,
                    own is not null);
            case null when MayBeBond(name):
                warnings.Add($"{position}: this host has no device {name}, which may be a bond; its members are not in "
                    + "host.conf. Skipped: run this on the host that has it");
                return null;
            case null:
                warnings.Add($"{position}: this host has no device {name}; it is taken for a PF. If it is a bond, "
                    + "write it under bonds, and its members under nics");
                return new ImportUplink(
                    name, position, null, [new ImportDevice { Name = name, Kind = ImportDeviceKind.PhysicalFunction }],
                    entry, own is not null);
            case ImportDeviceKind.Vlan:
                warnings.Add($"{position}: {name} is a VLAN device, which Cloudpods ignores; use "
                    + $"{device.Parent ?? "the device below it"} instead. Skipped");
                return null;
            case ImportDeviceKind.Bond:
                return Bond(device, name, position, option, entry, own is not null);
            case ImportDeviceKind.PhysicalFunction when IsUsable(device, position, option):
                return new ImportUplink(name, position, null, [device], entry, own is not null);
            case ImportDeviceKind.PhysicalFunction:
                return null;
            default:
                warnings.Add($"{position}: {name} is neither a PF nor a bond. Skipped");
                return null;
        }
    }

    /// <summary>Of a device that is not on this host only the name can tell.</summary>
    private static bool MayBeBond(string name) => name.Contains("bond", StringComparison.OrdinalIgnoreCase);

    private ImportUplink? Bond(
        ImportDevice bond, string name, SourcePosition position, string option, NetworksEntry? entry, bool isListed)
    {
        ImmutableArray<ImportDevice> members =
        [
            .. bond.Members.Select(member => facts.Find(member)).OfType<ImportDevice>()
                .Where(member => member.Kind == ImportDeviceKind.PhysicalFunction),
        ];
        if (members.Length == 0 || members.Length != bond.Members.Length)
        {
            warnings.Add($"{position}: the members of {name} ({string.Join(", ", bond.Members)}) are not all PFs. "
                + "Skipped");
            return null;
        }

        if (option == Offload && bond.BondProfile is null)
        {
            warnings.Add($"{position}: {name} has mode {bond.BondMode ?? "unknown"}; VF-LAG needs active-backup (1), "
                + "balance-xor (2) or 802.3ad (4). Skipped");
            return null;
        }

        return members.All(member => IsUsable(member, position, option))
            ? new ImportUplink(name, position, bond, members, entry, isListed)
            : null;
    }

    private bool IsUsable(ImportDevice pf, SourcePosition position, string option)
    {
        if (option != Offload)
        {
            return true;
        }

        if (pf.IsInfiniband)
        {
            warnings.Add($"{position}: {pf.Name} is an InfiniBand port, which has no switchdev mode. Skipped");
            return false;
        }

        if (!pf.CanSwitchdev)
        {
            warnings.Add($"{position}: {pf.Name} ({pf.Model}) has no switchdev mode. Skipped");
            return false;
        }

        return true;
    }
}
