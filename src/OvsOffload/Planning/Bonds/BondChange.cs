using System.Collections.Immutable;
using OvsOffload.Intent.Configuration;
using OvsOffload.Netlink;

namespace OvsOffload.Planning;

/// <summary>What has to change of a bond's options, and what the kernel asks for before it takes the change.</summary>
/// <param name="Options">Options whose value differs.</param>
/// <param name="From">Their values now; nothing else.</param>
/// <param name="To">Their values wanted; nothing else.</param>
/// <param name="Unknown">Options that differ from their default and that this kernel does not have.</param>
internal sealed record BondChange(
    ImmutableArray<BondOption> Options, BondOptions From, BondOptions To, ImmutableArray<BondOption> Unknown)
{
    /// <summary>Nothing differs.</summary>
    public bool IsEmpty => From == To;

    /// <summary>Whether another mode is wanted.</summary>
    public bool ChangesMode => To.Mode is not null;

    /// <summary>Whether the kernel takes it only while the bond has no members.</summary>
    public bool NeedsNoMembers => ChangesMode || Options.Any(option => option.Change == BondOptionChange.NoMembers);

    /// <summary>Whether the kernel takes it only while the bond is down.</summary>
    public bool NeedsDown => ChangesMode || Options.Any(NeedsBondDown);

    /// <summary>Compares what the kernel tells with what is wanted, for the options of the wanted mode.</summary>
    public static BondChange Of(BondOptions now, BondOptions wanted)
    {
        BondMode mode = wanted.Mode!.Value;
        bool other = now.Mode != mode;
        var (from, to) = other
            ? (new BondOptions { Mode = now.Mode }, new BondOptions { Mode = mode })
            : (new BondOptions(), new BondOptions());
        var options = ImmutableArray.CreateBuilder<BondOption>();
        var unknown = ImmutableArray.CreateBuilder<BondOption>();
        BondOptions defaults = BondProfileReader.DefaultsOf(mode);
        foreach (BondOption option in BondOptionList.Of(mode).Where(option => option.Text(wanted) is not null))
        {
            string? is_ = option.Text(now);
            if (is_ == option.Text(wanted))
            {
                continue;
            }

            // The kernel tells an option of LACP only in that mode; a kernel without the option never tells it.
            bool told = is_ is not null || (other && !option.Modes.Contains(now.Mode ?? mode));
            if (!told && option.Text(wanted) != option.Text(defaults))
            {
                unknown.Add(option);
            }
            else if (is_ is not null || (told && option.Text(wanted) != option.Text(defaults)))
            {
                options.Add(option);
                from = option.Copy(now, from);
                to = option.Copy(wanted, to);
            }
        }

        return new BondChange(options.ToImmutable(), from, to, unknown.ToImmutable());
    }

    /// <summary>Whether a bond has all of some values.</summary>
    public static bool IsSo(BondOptions now, BondOptions wanted) =>
        (wanted.Mode is null || wanted.Mode == now.Mode)
        && BondOptionList.All.All(option => option.Text(wanted) is not { } text || text == option.Text(now));

    /// <summary>What a new bond has to be told: what differs from what the kernel takes by itself.</summary>
    public static BondOptions ForNew(BondOptions wanted)
    {
        BondMode mode = wanted.Mode!.Value;
        BondOptions defaults = BondProfileReader.DefaultsOf(mode) with { MiiMonitor = 0 };
        return BondOptionList.Of(mode)
            .Where(option => option.Text(wanted) is { } text && text != option.Text(defaults))
            .Aggregate(new BondOptions { Mode = mode }, (options, option) => option.Copy(wanted, options));
    }

    /// <summary>For people: <c>mode active-backup -> 802.3ad, lacp_rate slow -> fast</c>.</summary>
    public static string Describe(BondOptions from, BondOptions to)
    {
        IEnumerable<string> mode = to.Mode is { } wanted && from.Mode != wanted
            ? [$"mode {from.Mode?.ToWord() ?? "unknown"} -> {wanted.ToWord()}"]
            : [];
        return string.Join(", ", mode.Concat(BondOptionList.All
            .Where(option => option.Text(from) != option.Text(to))
            .Select(option => $"{option.Name} {option.Text(from) ?? "unset"} -> {option.Text(to) ?? "unset"}")));
    }

    private static bool NeedsBondDown(BondOption option) =>
        option.Change == BondOptionChange.BondDown || option.Name == "coupled_control";
}
