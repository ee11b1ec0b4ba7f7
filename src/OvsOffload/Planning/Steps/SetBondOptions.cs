using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent.Configuration;
using OvsOffload.Netlink;

namespace OvsOffload.Planning;

/// <summary>Changes options of a bond.</summary>
/// <param name="Bond">The bond.</param>
/// <param name="From">The values before, of the options that change.</param>
/// <param name="To">The values after, of the same options.</param>
/// <param name="Down">
/// Whether the kernel accepts them only while the bond is down; its addresses and routes are restored then.
/// </param>
internal sealed record SetBondOptions(string Bond, BondOptions From, BondOptions To, bool Down) : StepAction
{
    public override string Kind => "bond-options";
    public override string Object => Bond;
    public override string Summary => $"options of {Bond}: {Describe(From, To)}";
    public override Scope Scope => new Scope.OfBond(Bond);
    public override ImmutableArray<StepAction> Inverse => [new SetBondOptions(Bond, To, From, Down)];

    public override RecordedChanges Record(RecordedChanges changes)
    {
        // Of a bond that this program made, everything goes with the bond.
        if (changes.CreatedBond(Bond))
        {
            return changes;
        }

        RecordedChanges all = To.Mode is null
            ? changes
            : changes.With(ChangeKind.BondOption, $"{Bond} mode", From.Mode?.ToName(), To.Mode?.ToName());
        foreach (BondOption option in BondOptionList.All)
        {
            all = all.With(ChangeKind.BondOption, $"{Bond} {option.Name}", option.Text(From), option.Text(To));
        }

        return all;
    }

    /// <summary>Whether a bond has all of the values.</summary>
    public bool IsDone(BondOptions now) =>
        (To.Mode is null || To.Mode == now.Mode)
        && BondOptionList.All.All(option => option.Text(To) is not { } text || text == option.Text(now));

    /// <summary>For people: <c>mode active-backup -> 802.3ad, lacp_rate slow -> fast</c>.</summary>
    public static string Describe(BondOptions from, BondOptions to)
    {
        IEnumerable<string> mode = to.Mode is { } wanted && from.Mode != wanted
            ? [$"mode {from.Mode?.ToName() ?? "unknown"} -> {wanted.ToName()}"]
            : [];
        return string.Join(", ", mode.Concat(BondOptionList.All
            .Where(option => option.Text(from) != option.Text(to))
            .Select(option => $"{option.Name} {option.Text(from) ?? "unset"} -> {option.Text(to) ?? "unset"}")));
    }
}
