using System.Collections.Immutable;
using OvsOffload.Intent;
using OvsOffload.Intent.Cloudpods;
using OvsOffload.Netlink;
using OvsOffload.Nics;

namespace OvsOffload.Host;

/// <summary>What of a host an import of host.conf looks at. Pure.</summary>
internal static class CloudpodsImportFacts
{
    /// <summary>The facts of a host.</summary>
    public static ImportFacts Of(HostState state)
    {
        ImmutableArray<NetDevice> devices = state.Devices.ValueOr([]);
        ImmutableArray<ImportDevice>.Builder facts = ImmutableArray.CreateBuilder<ImportDevice>();
        foreach (NetDevice device in devices)
        {
            ImportDevice basic = new()
            {
                Name = device.Name,
                AltNames = device.AltNames,
                Kind = device.Kind == "vlan" ? ImportDeviceKind.Vlan : ImportDeviceKind.Other,
                Addresses =
                [
                    .. device.Addresses.Select(address => new InterfaceAddress(address.Address, address.PrefixLength)),
                ],
                Parent = devices.FirstOrDefault(lower => lower.Index == device.Lower)?.Name,
            };
            facts.Add(state.FindBond(device.Name) is { } bond ? OfBond(basic, bond)
                : state.KnownFunctions.FirstOrDefault(pf => pf.Uplink?.Index == device.Index) is { } pf
                    ? OfFunction(basic, pf)
                    : basic);
        }

        return new ImportFacts(facts.ToImmutable(), ConntrackSupport.Of(state));
    }

    private static ImportDevice OfFunction(ImportDevice basic, PhysicalFunction pf) => basic with
    {
        Kind = ImportDeviceKind.PhysicalFunction,
        Address = pf.Address.ToString(),
        Model = pf.Model.Name,
        VfLimit = pf.VfLimit.IsKnown ? pf.VfLimit.Value : null,
        IsInfiniband = pf.PortType == PortType.Infiniband,
        CanSwitchdev = pf.Model.CanSwitchdev,
        LacksConntrack = pf.Model.Generation.SecurityGroups == SecurityGroupClass.Disable,
    };

    private static ImportDevice OfBond(ImportDevice basic, BondState bond) => basic with
    {
        Kind = ImportDeviceKind.Bond,
        Members = [.. bond.Members.Select(member => member.Device.Name)],
        BondMode = bond.Mode?.ToName(),
        BondProfile = bond.Mode switch
        {
            BondMode.ActiveBackup => "active-backup",
            BondMode.BalanceXor => "balance-xor",
            BondMode.Lacp when bond.Options.LacpRate == BondLacpRate.Fast => "lacp-fast-layer3-4",
            BondMode.Lacp => "lacp",
            _ => null,
        },
    };
}
