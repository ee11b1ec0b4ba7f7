using System.Collections.Immutable;
using System.Globalization;
using OvsOffload.Sysfs;

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

    /// <summary>The end of the objects of entries about a representor.</summary>
    public const string OfRepresentor = " representor";

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

    /// <summary>
    /// With one more change of a VF that was there before this program came; others go away with what this program
    /// made.
    /// </summary>
    public RecordedChanges WithVf(string kind, PciAddress pf, int vf, string? before, string? after) =>
        Find(ChangeKind.VfCount, $"{pf}") is { } count
            && int.TryParse(count.Before, NumberStyles.None, CultureInfo.InvariantCulture, out int were) && vf >= were
            ? this
            : With(kind, $"{pf} vf{vf}", before, after);

    /// <summary>Without the settings of a PF's representors, which are gone.</summary>
    public RecordedChanges WithoutRepresentors(PciAddress pf) => Without(change =>
        ConcernsVf(change, pf) && change.Object.EndsWith(OfRepresentor, StringComparison.Ordinal));

    /// <summary>Without the drivers that VFs of a PF were to get.</summary>
    public RecordedChanges WithoutBindings(PciAddress pf) =>
        Without(change => change.Kind == ChangeKind.VfBinding && ConcernsVf(change, pf));

    /// <summary>Whether this program made a bond.</summary>
    public bool CreatedBond(string name) => Find(ChangeKind.Bond, name) is { Before: null };

    /// <summary>Whether this program made the VFs of a PF, or other ones than there were.</summary>
    public bool CreatedVfs(PciAddress pf) => Find(ChangeKind.VfCount, $"{pf}") is not null;

    /// <summary>Whether this program changed the mode of a PF's e-switch.</summary>
    public bool ChangedMode(PciAddress pf) => Find(ChangeKind.EswitchMode, $"{pf}") is not null;

    /// <summary>Without the entries of things that are there no more.</summary>
    public RecordedChanges Without(Predicate<RecordedChange> gone)
    {
        ImmutableArray<RecordedChange> kept = All.RemoveAll(gone);
        return kept.Length == All.Length ? this : new RecordedChanges(kept);
    }

    private static bool ConcernsVf(RecordedChange change, PciAddress pf) =>
        change.Object.StartsWith($"{pf} vf", StringComparison.Ordinal);
}
