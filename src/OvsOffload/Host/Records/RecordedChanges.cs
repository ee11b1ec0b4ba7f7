using System.Collections.Immutable;

namespace OvsOffload.Host;

/// <summary>Something of the host that this program has changed and not put back.</summary>
/// <param name="Kind">What kind of thing, a word of <see cref="ChangeKind"/>.</param>
/// <param name="Object">Which: a PCI address, a device, an IP address, a key.</param>
/// <param name="Before">What it was before the first change; null where it was not there.</param>
/// <param name="After">What it was after the last change; null where it was no longer there.</param>
internal sealed record RecordedChange(string Kind, string Object, string? Before, string? After);

/// <summary>
/// All that this program has changed of the host and not put back, one entry for each thing. Rows of OVSDB carry a mark
/// of their own, and files of agents have records of their own (<see cref="AgentFileRecord"/>). Immutable.
/// </summary>
internal sealed class RecordedChanges
{
    private RecordedChanges(ImmutableArray<RecordedChange> all) => All = all;

    /// <summary>Nothing is changed.</summary>
    public static RecordedChanges None { get; } = new([]);

    /// <summary>The entries, oldest first.</summary>
    public ImmutableArray<RecordedChange> All { get; }

    /// <summary>These entries.</summary>
    public static RecordedChanges Of(IEnumerable<RecordedChange> all) => new([.. all]);

    /// <summary>The entry of a thing; null where it is not changed.</summary>
    public RecordedChange? Find(string kind, string name)
    {
        foreach (RecordedChange change in All)
        {
            if (change.Kind == kind && change.Object == name)
            {
                return change;
            }
        }

        return null;
    }

    /// <summary>
    /// With one more change of a thing: what it was before the first one stays, and what has come back to that is no
    /// change.
    /// </summary>
    public RecordedChanges With(string kind, string name, string? before, string? after)
    {
        RecordedChange? known = Find(kind, name);
        var change = new RecordedChange(kind, name, known is null ? before : known.Before, after);
        bool none = change.Before == after;
        return (known, none) switch
        {
            (null, true) => this,
            (null, false) => new RecordedChanges(All.Add(change)),
            (_, true) => new RecordedChanges(All.Remove(known)),
            _ => change == known ? this : new RecordedChanges(All.Replace(known, change)),
        };
    }

    /// <summary>
    /// What is on the record while a step is run that leads from one to the other: all that changes, and still what is
    /// put back, since the step may be cut off before it has put it back.
    /// </summary>
    public static RecordedChanges During(RecordedChanges before, RecordedChanges after) => new(
    [
        .. before.All.Select(change => after.Find(change.Kind, change.Object) ?? change),
        .. after.All.Where(change => before.Find(change.Kind, change.Object) is null),
    ]);

    /// <summary>Without the entries of things that are there no more.</summary>
    public RecordedChanges Without(Predicate<RecordedChange> gone)
    {
        ImmutableArray<RecordedChange> kept = All.RemoveAll(gone);
        return kept.Length == All.Length ? this : new RecordedChanges(kept);
    }
}

/// <summary>The kinds of recorded changes, with what stands in an entry.</summary>
internal static class ChangeKind
{
    /// <summary>The number of VFs, by the PF.</summary>
    public const string VfCount = "vf-count";

    /// <summary>The e-switch's mode in devlink's word, by the PF.</summary>
    public const string EswitchMode = "eswitch-mode";

    /// <summary>The inline mode in devlink's word, by the PF.</summary>
    public const string InlineMode = "inline-mode";

    /// <summary>The encap mode in devlink's word, by the PF.</summary>
    public const string EncapMode = "encap-mode";

    /// <summary>flow_steering_mode, by the PF.</summary>
    public const string SteeringMode = "steering-mode";

    /// <summary>sriov_drivers_autoprobe, <c>0</c> or <c>1</c>, by the PF.</summary>
    public const string Autoprobe = "drivers-autoprobe";

    /// <summary>hw-tc-offload, <c>on</c> or <c>off</c>, by the device.</summary>
    public const string TcOffload = "hw-tc-offload";

    /// <summary><c>up</c> or <c>down</c>, by the device.</summary>
    public const string Link = "link";

    /// <summary>The address of a VF that was there before this program came, by the VF.</summary>
    public const string VfMac = "vf-mac";

    /// <summary>Driver and driver_override of such a VF, with a space between them, by the VF.</summary>
    public const string VfDriver = "vf-driver";

    /// <summary>The number of VFs that are made again before the run ends, by the PF; a run that was cut off leaves
    /// it.</summary>
    public const string VfsAgain = "vfs-again";

    /// <summary>
    /// Driver and driver_override that a VF without a driver gets before the run ends, by the VF; a run that was cut off
    /// leaves it.
    /// </summary>
    public const string VfBinding = "vf-binding";

    /// <summary>The mode of a bond that this program made, by its name.</summary>
    public const string Bond = "bond";

    /// <summary><c>member</c>, by bond and device; of bonds that somebody else made.</summary>
    public const string BondMember = "bond-member";

    /// <summary>An option as text, by bond and option; of bonds that somebody else made.</summary>
    public const string BondOption = "bond-option";

    /// <summary>The preferred member, by the bond; of bonds that somebody else made.</summary>
    public const string BondPrimary = "bond-primary";

    /// <summary>The MTU, by the bond; of bonds that somebody else made.</summary>
    public const string Mtu = "mtu";

    /// <summary>The device that a VLAN device stands on, by its name.</summary>
    public const string Vlan = "vlan";

    /// <summary>The device that an IP address is on, by the address with its prefix length.</summary>
    public const string Address = "address";

    /// <summary>
    /// The device that a route or a nexthop object is on, by its text (<see cref="Netlink.KeptText"/>); <c>to</c> and the
    /// device while it is on no device, on the way there.
    /// </summary>
    public const string Route = "route";

    /// <summary>A key of Open_vSwitch.other_config, by its name. It outlives a reboot.</summary>
    public const string SwitchOption = "switch-option";
}
