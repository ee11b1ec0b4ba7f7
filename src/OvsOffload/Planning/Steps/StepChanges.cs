using System.Globalization;
using OvsOffload.Host;
using OvsOffload.Intent.Configuration;
using OvsOffload.Netlink;
using OvsOffload.Sysfs;

namespace OvsOffload.Planning;

/// <summary>What of a step has to be known to take it back in a later run. Pure.</summary>
internal static class StepChanges
{
    /// <summary>Stands for being a member, in entries of <see cref="ChangeKind.BondMember"/>.</summary>
    public const string Member = "member";

    /// <summary>What is changed of the host after a step, be it one that puts something back.</summary>
    public static RecordedChanges After(this RecordedChanges changes, StepAction action) => action switch
    {
        SetVfCount step => AfterCount(changes, step),
        SetEswitchMode step => changes.Without(change => IsOfRepresentor(change, step.Pf))

            // The driver has an inline mode of its own at the next change to switchdev.
            .Without(change => change.Kind == ChangeKind.InlineMode && change.Object == $"{step.Pf}")
            .With(ChangeKind.EswitchMode, $"{step.Pf}", step.From.ToWord(), step.To.ToWord()),
        SetInlineMode step => changes.With(
            ChangeKind.InlineMode, $"{step.Pf}", step.From.ToWord(), step.To.ToWord()),
        SetEncapMode step => changes.With(ChangeKind.EncapMode, $"{step.Pf}", step.From.ToWord(), step.To.ToWord()),
        SetSteeringMode step => changes.With(ChangeKind.SteeringMode, $"{step.Pf}", step.From, step.To),
        SetDriversAutoprobe step => changes.With(
            ChangeKind.Autoprobe, $"{step.Pf}", step.From ? "1" : "0", step.To ? "1" : "0"),
        SetHwTcOffload step => Of(changes, step.Device, ChangeKind.TcOffload, OnOff(step.From), OnOff(step.To)),
        SetLinkUp step => Of(changes, step.Device, ChangeKind.Link, UpDown(step.From), UpDown(step.To)),
        SetVfMac step => OfVf(
            changes, step.Pf, step.Vf, ChangeKind.VfMac, step.From?.ToString(), $"{step.To}"),
        RestoreVfSettings step => OfVf(
            changes, step.Pf, step.Vf, ChangeKind.VfMac, null, step.Settings.Address.ToString()),
        SetVfDriver step => OfVf(
            changes, step.Pf, step.Vf, ChangeKind.VfDriver, DriverText(step.From, step.OverrideFrom),
            DriverText(step.To, step.OverrideTo))
            .With(ChangeKind.VfBinding, step.Object, null, step.To is null ? Text(step.Later) : null),
        SetSwitchOption step => changes.With(ChangeKind.SwitchOption, step.Key, step.From, step.To),
        MoveAddresses step => step.Addresses.Aggregate(changes, (all, address) =>
            all.With(ChangeKind.Address, $"{address}", $"{step.From}", $"{step.To}")),
        AddAddress step => changes.With(ChangeKind.Address, $"{step.Address}", null, $"{step.Device}"),
        RemoveAddress step => changes.With(ChangeKind.Address, $"{step.Address}", $"{step.Device}", null),
        KeepRoutes step => step.Entries.Aggregate(changes, (all, entry) => all.With(
            ChangeKind.Route, KeptText.Of(entry), $"{step.From}", RouteMoves.OnTheWay(step.To))),
        MoveRoutes step => step.Entries.Aggregate(changes, (all, entry) =>
            all.With(ChangeKind.Route, KeptText.Of(entry), $"{step.From}", $"{step.To}")),
        MoveVlan step => changes.With(ChangeKind.Vlan, step.Name, $"{step.From}", $"{step.To}"),
        _ => AfterBond(changes, action),
    };

    /// <summary>Whether this program made a bond.</summary>
    public static bool MadeBond(this RecordedChanges changes, string name) =>
        changes.Find(ChangeKind.Bond, name) is { Before: null };

    /// <summary>Whether the VFs of a PF were made by this program.</summary>
    public static bool MadeVfs(this RecordedChanges changes, PciAddress pf) =>
        changes.Find(ChangeKind.VfCount, $"{pf}") is not null;

    /// <summary>Driver and driver_override of a VF, as they stand in an entry.</summary>
    public static string DriverText(string? driver, string? forced) => $"{driver} {forced}";

    /// <summary>The same, taken apart.</summary>
    public static (string? Driver, string? Override) DriverOf(string text)
    {
        string[] words = text.Split(' ');
        return (Word(0), Word(1));

        string? Word(int index) => index < words.Length && words[index].Length > 0 ? words[index] : null;
    }

    private static RecordedChanges AfterCount(RecordedChanges changes, SetVfCount step)
    {
        RecordedChanges all = changes.Without(change => IsOfRepresentor(change, step.Pf)
            || (change.Kind == ChangeKind.VfBinding && IsOfVf(change, step.Pf)));
        foreach (VfBinding binding in step.Bindings)
        {
            all = all.With(ChangeKind.VfBinding, $"{step.Pf} vf{binding.Vf}", null, Text(binding));
        }

        if (step.To == 0)
        {
            foreach (VirtualFunction vf in step.Before)
            {
                all = OfVf(
                    all, step.Pf, vf.Index, ChangeKind.VfDriver, DriverText(vf.Driver, vf.DriverOverride), null);
                all = OfVf(all, step.Pf, vf.Index, ChangeKind.VfMac, vf.Mac?.ToString(), null);
            }
        }

        return all.With(ChangeKind.VfCount, $"{step.Pf}", Number(step.From), Number(step.To))
            .With(ChangeKind.VfsAgain, $"{step.Pf}", null, step.Again is { } again ? Number(again) : null);
    }

    /// <summary>A setting of a VF that was there before this program came; others go with the VF.</summary>
    private static RecordedChanges OfVf(
        RecordedChanges changes, PciAddress pf, int vf, string kind, string? before, string? after) =>
        changes.Find(ChangeKind.VfCount, $"{pf}") is { } count
            && int.TryParse(count.Before, NumberStyles.None, CultureInfo.InvariantCulture, out int were) && vf >= were
            ? changes
            : changes.With(kind, $"{pf} vf{vf}", before, after);

    private static RecordedChanges AfterBond(RecordedChanges changes, StepAction action)
    {
        // Of a bond that this program made, everything goes with the bond.
        if (action is not (AddBond or DeleteBond) && Scope.BondOf(action) is { } name && changes.MadeBond(name))
        {
            return changes;
        }

        return action switch
        {
            AddBond step => changes.With(ChangeKind.Bond, step.Name, null, step.Options.Mode?.ToWord()),
            DeleteBond step => changes.With(ChangeKind.Bond, step.Name, step.Options?.Mode?.ToWord(), null)

                // What somebody put on it later has gone to a member, and has nowhere else to go back to.
                .Without(change => change.Kind == ChangeKind.Route && change.Before == step.Name),
            AddBondMember step => changes.With(ChangeKind.BondMember, step.Object, null, Member),
            RemoveBondMember step => changes.With(ChangeKind.BondMember, step.Object, Member, null),
            SetBondOptions step => AfterOptions(changes, step),
            SetBondPrimary step => changes.With(ChangeKind.BondPrimary, step.Bond, $"{step.From}", $"{step.To}"),
            SetMtu step => changes.With(ChangeKind.Mtu, step.Object, Number(step.From), Number(step.To)),
            _ => changes,
        };
    }

    private static RecordedChanges AfterOptions(RecordedChanges changes, SetBondOptions step)
    {
        RecordedChanges all = step.To.Mode is null
            ? changes
            : changes.With(
                ChangeKind.BondOption, $"{step.Bond} mode", step.From.Mode?.ToWord(), step.To.Mode?.ToWord());
        foreach (BondOption option in BondOptionList.All)
        {
            all = all.With(
                ChangeKind.BondOption, $"{step.Bond} {option.Name}", option.Text(step.From), option.Text(step.To));
        }

        return all;
    }

    /// <summary>
    /// A setting of a device. Representors that came with the mode or the VFs go with them; the local port of a bridge
    /// and a bond of this program go with those.
    /// </summary>
    private static RecordedChanges Of(
        RecordedChanges changes, DeviceReference device, string kind, string before, string after) => device switch
        {
            LocalPortOf => changes,
            DeviceNamed named when changes.MadeBond(named.Name) => changes,
            RepresentorOf one when changes.MadeVfs(one.Pf)
                || changes.Find(ChangeKind.EswitchMode, $"{one.Pf}") is not null => changes,
            _ => changes.With(kind, $"{device}", before, after),
        };

    private static bool IsOfRepresentor(RecordedChange change, PciAddress pf) =>
        change.Kind is ChangeKind.TcOffload or ChangeKind.Link && IsOfVf(change, pf);

    private static bool IsOfVf(RecordedChange change, PciAddress pf) =>
        change.Object.StartsWith($"{pf} vf", StringComparison.Ordinal);

    private static string? Text(VfBinding? binding) =>
        binding is null ? null : DriverText(binding.Driver, binding.Override);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string OnOff(bool on) => on ? "on" : "off";

    private static string UpDown(bool up) => up ? "up" : "down";
}
