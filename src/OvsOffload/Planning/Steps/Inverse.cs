using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Netlink;

namespace OvsOffload.Planning;

/// <summary>What takes a step back: pure, known before the step is run.</summary>
internal static class Inverse
{
    /// <summary>
    /// The actions that undo one, in the order in which they are run; empty where nothing is left behind.
    /// </summary>
    public static ImmutableArray<StepAction> Of(StepAction action) => action switch
    {
        SetVfCount { To: 0 } taken => VfsAgain(taken),
        SetVfCount made => [new SetVfCount(made.Pf, made.To, 0, [])],
        SetDriversAutoprobe set => [new SetDriversAutoprobe(set.Pf, set.To, set.From)],
        SetSteeringMode set => [new SetSteeringMode(set.Pf, set.To, set.From)],
        SetEswitchMode set => [new SetEswitchMode(set.Pf, set.To, set.From)],
        SetInlineMode set => [new SetInlineMode(set.Pf, set.To, set.From)],
        SetEncapMode set => [new SetEncapMode(set.Pf, set.To, set.From)],
        SetVfMac { From: { } before } set => [new SetVfMac(set.Pf, set.Vf, set.To, before)],
        SetVfDriver set => [new SetVfDriver(set.Pf, set.Vf, set.To, set.From, set.OverrideTo, set.OverrideFrom)],
        SetHwTcOffload set => [new SetHwTcOffload(set.Device, set.To, set.From)],
        SetLinkUp set => [new SetLinkUp(set.Device, set.To, set.From)],
        SetSwitchOption set => [new SetSwitchOption(set.Key, set.To, set.From)],
        AddBridge added => [new DeleteBridge(added.Name, added.Address)],
        DeleteBridge taken =>
        [
            new AddBridge(taken.Name, taken.Address),
            .. taken.Up ? new StepAction[] { new SetLinkUp(new LocalPortOf(taken.Name), false, true) } : [],
        ],
        DeletePortOf taken => [new AddPort(taken.Bridge, taken.Device)],
        AddPort added => [new DeletePortOf(added.Bridge, added.Device)],
        AddBond added => [new DeleteBond(added.Name, added.Options)],
        DeleteBond { Options: { } options } taken => BondAgain(taken, options),
        SetBondOptions set => [new SetBondOptions(set.Bond, set.To, set.From, set.Down)],
        SetBondPrimary set => [new SetBondPrimary(set.Bond, set.To, set.From)],
        AddBondMember added => [new RemoveBondMember(added.Bond, added.Device)],
        RemoveBondMember removed => [new AddBondMember(removed.Bond, removed.Device)],
        SetMtu set => [new SetMtu(set.Device, set.To, set.From)],
        SetLinkAddress set => [new SetLinkAddress(set.Device, set.To, set.From)],
        MoveVlan moved => [new MoveVlan(moved.Name, moved.Tag, moved.To, moved.From)],
        MoveAddresses moved => [new MoveAddresses(moved.To, moved.From, moved.Addresses)],
        KeepRoutes kept => [new MoveRoutes(kept.To, kept.From, kept.Entries) { Bond = kept.Bond }],
        AddAddress added => [new RemoveAddress(added.Device, added.Address)],
        RemoveAddress removed => [new AddAddress(removed.Device, removed.Address)],
        SetAgentFile set => [Back(set with { From = set.To, To = set.From })],
        SetConfigMap set => [Back(set with { From = set.To, To = set.From })],
        TellProgram told => [Back(told with { From = told.To, To = told.From })],
        _ => [],
    };

    /// <summary>
    /// The actions that take back what a step may have left behind when it failed midway: a VF without a driver, an
    /// e-switch in another mode than was asked for, a setting that is written and that no daemon took up. Run on a host
    /// that is as it was, they change nothing. Steps on agents take back what they did themselves, and keep a record of
    /// what they could not.
    /// </summary>
    public static ImmutableArray<StepAction> OfFailed(StepAction action) =>
        action is AgentAction ? [] : Of(action);

    /// <summary>How a step is undone, for people.</summary>
    public static string Describe(StepAction action)
    {
        ImmutableArray<StepAction> inverse = Of(action);
        return inverse.IsEmpty
            ? "nothing to undo"
            : string.Join("; ", inverse.Select(step => step.Summary).Take(3))
                + (inverse.Length > 3 ? $"; and {inverse.Length - 3} more" : "");
    }

    private static T Back<T>(T action)
        where T : AgentAction => action with
        {
            RecordFrom = action.RecordTo,
            RecordTo = action.RecordFrom,
            Says = action.SaidBefore,
            SaidBefore = action.Says,
        };

    /// <summary>Makes a bond again; its members come back by the inverse of their own steps.</summary>
    private static ImmutableArray<StepAction> BondAgain(DeleteBond taken, BondOptions options)
    {
        const int byDefault = 1500; // ETH_DATA_LEN, linux/if_ether.h
        var bond = new DeviceNamed(taken.Name);
        return
        [
            new AddBond(taken.Name, options),
            .. taken.Mtu is { } mtu and not byDefault ? new StepAction[] { new SetMtu(bond, byDefault, mtu) } : [],
            .. taken.Up ? new StepAction[] { new SetLinkUp(bond, false, true) } : [],
        ];
    }

    /// <summary>Makes VFs again with the addresses and drivers that they had.</summary>
    private static ImmutableArray<StepAction> VfsAgain(SetVfCount taken)
    {
        if (taken.From == 0)
        {
            return [];
        }

        var again = ImmutableArray.CreateBuilder<StepAction>();
        again.Add(new SetDriversAutoprobe(taken.Pf, From: true, To: false));
        again.Add(new SetVfCount(taken.Pf, 0, taken.From, []));
        foreach (VirtualFunction vf in taken.Before)
        {
            if (vf.Settings.IsKnown)
            {
                again.Add(new RestoreVfSettings(taken.Pf, vf.Index, vf.Settings.Value));
            }
        }

        // With autoprobe off the kernel refuses a bind by hand too (pci_device_can_probe in drivers/pci/pci-driver.c).
        again.Add(new SetDriversAutoprobe(taken.Pf, From: false, To: true));
        foreach (VirtualFunction vf in taken.Before.Where(vf => vf.Driver is not null))
        {
            again.Add(new SetVfDriver(taken.Pf, vf.Index, null, vf.Driver, null, vf.DriverOverride));
        }

        if (!taken.Autoprobe)
        {
            again.Add(new SetDriversAutoprobe(taken.Pf, From: true, To: false));
        }

        return again.ToImmutable();
    }
}
