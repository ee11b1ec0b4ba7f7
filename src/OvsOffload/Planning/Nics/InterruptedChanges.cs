using System.Collections.Immutable;
using System.Globalization;
using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.Os;
using OvsOffload.Sysfs;

namespace OvsOffload.Planning;

/// <summary>
/// What a run changes for a moment and puts back itself. It is on the record until then, so where a run was cut off
/// the next plan restores it. Pure.
/// </summary>
internal static class InterruptedChanges
{
    private const string Why = "an interrupted run left it so";

    /// <summary>
    /// Adds the step that restores sriov_drivers_autoprobe; the goal as it is after that step.
    /// </summary>
    public static NicGoal RestoreAutoprobe(NicGoal goal, PlanDraft draft)
    {
        PhysicalFunction pf = goal.Pf;
        if (goal.Changes.Find(SetDriversAutoprobe.Recorded, $"{pf.Address}") is not { } left
            || !pf.DriversAutoprobe.TryGet(out bool now) || left.After != (now ? "1" : "0"))
        {
            return goal;
        }

        draft.Add(new SetDriversAutoprobe(pf.Address, now, !now), Why);
        return goal with { Pf = pf with { DriversAutoprobe = Reading.Known(!now) } };
    }

    /// <summary>The mode that an e-switch in legacy mode was to get again; null where a run ended with it so.</summary>
    public static EswitchMode? ModeOf(RecordedChanges changes, PhysicalFunction pf) =>
        pf.Mode == EswitchMode.Legacy
            && changes.Find(SetEswitchMode.RecordedAgain, $"{pf.Address}")?.After == EswitchMode.Switchdev.ToName()
                ? EswitchMode.Switchdev
                : null;

    /// <summary>How many VFs were to be made again after they had been taken; null where a run ended with what there
    /// is.</summary>
    public static int? VfsOf(RecordedChanges changes, PhysicalFunction pf) =>
        pf.VfCount.TryGet(out int now) && now == 0
            && int.TryParse(changes.Find(ChangeKind.VfRecreation, $"{pf.Address}")?.After, NumberStyles.None,
                CultureInfo.InvariantCulture, out int count)
                ? count
                : null;

    /// <summary>The address of a VF that was made again and not given it back; null where there is none.</summary>
    public static HardwareAddress? AddressOf(NicGoal goal, VirtualFunction vf) =>
        vf.Settings.IsKnown && vf.Mac is null
            && goal.Changes.Find(ChangeKind.VfMac, $"{goal.Pf.Address} vf{vf.Index}")
                is { After: null, Before: { } text }
                ? HardwareAddress.Parse(text)
                : null;

    /// <summary>VFs that were removed and not made again, as far as they are recorded: addresses and
    /// drivers.</summary>
    public static ImmutableArray<VirtualFunction> RemovedVfs(RecordedChanges changes, PciAddress pf)
    {
        var former = new SortedDictionary<int, VirtualFunction>();
        string prefix = $"{pf} vf";
        foreach (RecordedChange change in changes.All)
        {
            if (change is not { Kind: ChangeKind.VfMac or ChangeKind.VfDriver, Before: { } before }
                || !change.Object.StartsWith(prefix, StringComparison.Ordinal)
                || !int.TryParse(change.Object.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture,
                    out int index))
            {
                continue;
            }

            VirtualFunction known = former.GetValueOrDefault(index) ?? new VirtualFunction
            {
                Index = index,
                Address = default,
                Settings = Reading.Absent<LinkVf>("not recorded"),
                Holder = Reading.Absent<Holder>("the VF is gone"),
            };
            (string? driver, string? forced) = BoundDriver.Parse(before);
            former[index] = change.Kind == ChangeKind.VfDriver
                ? known with { Driver = driver, DriverOverride = forced }
                : known with
                {
                    Settings = Reading.Known(new LinkVf { Index = index, Address = HardwareAddress.Parse(before) }),
                };
        }

        return [.. former.Values];
    }

    /// <summary>The driver that a VF without one was to get; null where a run ended with it so.</summary>
    public static BoundDriver? BindingOf(NicGoal goal, VirtualFunction vf) =>
        vf.Driver is null
            && goal.Changes.Find(ChangeKind.VfBinding, $"{goal.Pf.Address} vf{vf.Index}") is { After: { } text }
                ? BoundDriver.Parse(text)
                : null;
}
