using System.Collections.Immutable;
using OvsOffload.Intent.Configuration;
using OvsOffload.Netlink;

namespace OvsOffload.Planning;

/// <summary>What has to change of a bond's options, and what the kernel asks for before it takes the change.</summary>
/// <param name="Options">Options whose value differs.</param>
/// <param name="From">Their values now; nothing else.</param>
/// <param name="To">Their configured values; nothing else.</param>
/// <param name="Unknown">Options that differ from their default and that this kernel does not have.</param>
internal sealed record BondChange(
    ImmutableArray<BondOption> Options, BondOptions From, BondOptions To, ImmutableArray<BondOption> Unknown)
{
    /// <summary>Nothing differs.</summary>
    public bool IsEmpty => From == To;

    /// <summary>Whether the mode changes.</summary>
    public bool ChangesMode => To.Mode is not null;

    /// <summary>Whether the kernel takes it only while the bond has no members.</summary>
    public bool NeedsNoMembers => ChangesMode || Options.Any(option => option.Change == BondOptionChange.NoMembers);

    /// <summary>Whether the kernel takes it only while the bond is down.</summary>
    public bool NeedsDown => ChangesMode || Options.Any(NeedsBondDown);

    /// <summary>Compares what the kernel reports with the options of the configured mode.</summary>
    public static BondChange Of(BondOptions now, BondOptions wanted)
    {
        BondMode mode = wanted.Mode!.Value;
        bool other = now.Mode != mode;
        (BondOptions? from, BondOptions? to) = other
            ? (new BondOptions { Mode = now.Mode }, new BondOptions { Mode = mode })
            : (new BondOptions(), new BondOptions());
        ImmutableArray<BondOption>.Builder options = ImmutableArray.CreateBuilder<BondOption>();
        ImmutableArray<BondOption>.Builder unknown = ImmutableArray.CreateBuilder<BondOption>();
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

    /// <summary>The options that a new bond needs: those that differ from the defaults of the kernel.</summary>
    public static BondOptions ForCreation(BondOptions wanted)
    {
        BondMode mode = wanted.Mode!.Value;
        BondOptions defaults = BondProfileReader.DefaultsOf(mode) with { MiiMonitor = 0 };
        return BondOptionList.Of(mode)
            .Where(option => option.Text(wanted) is { } text && text != option.Text(defaults))
            .Aggregate(new BondOptions { Mode = mode }, (options, option) => option.Copy(wanted, options));
    }

    private static bool NeedsBondDown(BondOption option) =>
        option.Change == BondOptionChange.BondDown || option.Name == "coupled_control";
}
