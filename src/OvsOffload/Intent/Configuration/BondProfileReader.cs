using OvsOffload.Netlink;

namespace OvsOffload.Intent.Configuration;

/// <summary>Reads one bond profile, as strictly as the configuration.</summary>
internal static class BondProfileReader
{
    private static readonly (BondMode Mode, string Why)[] RefusedModes =
    [
        (BondMode.BalanceRoundRobin,
            "It distributes the packets of one flow over the ports, which no NIC can offload; balance-xor distributes "
                + "flows"),
        (BondMode.Broadcast, "It sends every packet through every port, which no NIC can offload"),
        (BondMode.BalanceTlb, "The kernel moves flows between ports by load, which no NIC can offload"),
        (BondMode.BalanceAlb,
            "The kernel moves flows by answering ARP for each port, which no NIC can offload"),
    ];

    private static readonly BondMode[] Modes = [BondMode.ActiveBackup, BondMode.BalanceXor, BondMode.Lacp];

    /// <summary>The bonding mode.</summary>
    public static Key<BondMode> Mode { get; } = new(
        "mode",
        new ScalarKind<BondMode>("active-backup, balance-xor or 802.3ad", ReadMode, mode => mode.ToName()),
        BondMode.ActiveBackup,
        "The bonding mode.")
    { IsRequired = true };

    /// <summary>The preferred member.</summary>
    public static Key<BondPrimary> Primary { get; } = new(
        "primary",
        ScalarKinds.OneOf(("none", BondPrimary.None), ("first", BondPrimary.First)),
        BondPrimary.None,
        "The preferred member: none, or the first of the bond's members in config.yaml.");

    /// <summary>Everything that a profile may state.</summary>
    public static Section Section { get; } = new(
        "", "A bond profile.", [Mode, Primary, .. BondOptionList.All.Select(option => option.Key)]);

    /// <summary>Reads a profile's text.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="file">The file, for messages.</param>
    /// <param name="content">UTF-8, at most 1 MiB.</param>
    /// <exception cref="ConfigurationException">It is wrong; all that is wrong is said.</exception>
    public static BondProfile Parse(string name, string file, ReadOnlySpan<byte> content)
    {
        var problems = new Problems();
        ConfigurationNode root = ConfigurationTree.Read(file, ConfigurationText.Decode(file, content));
        BondProfile? profile = null;
        if (root is MappingNode mapping)
        {
            profile = Read(name, file, mapping, problems);
        }
        else
        {
            problems.NotAllowed(root, "the file", "a mapping", "It needs at least a line \"mode: ..\"");
        }

        problems.ThrowIfAny();
        return profile!;
    }

    /// <summary>A mode with the defaults of all its options.</summary>
    public static BondOptions DefaultsOf(BondMode mode)
    {
        var nothing = new MappingNode(SourcePosition.Defaults, []);
        var reader = new SectionReader(Section, nothing, "", new Problems());
        return BondOptionList.Of(mode).Aggregate(
            new BondOptions { Mode = mode }, (options, option) => option.Read(reader, options));
    }

    /// <summary>Writes a profile with what each key means; what it reads back as is the same.</summary>
    public static string Write(BondProfile profile)
    {
        var writer = new SectionWriter(withComments: true);
        writer.Write(Mode, profile.Mode);
        if (profile.Mode == BondMode.ActiveBackup)
        {
            writer.Write(Primary, profile.Primary);
        }

        foreach (BondOption option in BondOptionList.Of(profile.Mode))
        {
            option.Write(writer, profile.Options);
        }

        return writer.ToString();
    }

    private static BondProfile Read(string name, string file, MappingNode mapping, Problems problems)
    {
        foreach (MappingEntry entry in mapping.Entries.Where(IsRefused))
        {
            problems.Add(
                entry.Key.Position, $"{entry.Key.Text} is not supported: {BondOptionList.Refused[entry.Key.Text]}");
        }

        var reader = new SectionReader(
            Section, mapping with { Entries = [.. mapping.Entries.Where(entry => !IsRefused(entry))] }, "", problems);
        BondMode mode = reader.Read(Mode);
        BondPrimary primary = reader.Read(Primary);
        if (!problems.Any)
        {
            RejectOtherModes(mapping, mode, problems);
        }

        var options = new BondOptions { Mode = mode };
        foreach (BondOption option in BondOptionList.Of(mode))
        {
            options = option.Read(reader, options);
        }

        CheckDelays(reader, options, problems);
        return new BondProfile { Name = name, File = file, Options = options, Primary = primary };
    }

    private static bool IsRefused(MappingEntry entry) => BondOptionList.Refused.ContainsKey(entry.Key.Text);

    private static void RejectOtherModes(MappingNode mapping, BondMode mode, Problems problems)
    {
        foreach (MappingEntry entry in mapping.Entries)
        {
            BondMode[] of = entry.Key.Text == Primary.Name
                ? [BondMode.ActiveBackup]
                : [.. BondOptionList.All.FirstOrDefault(option => option.Name == entry.Key.Text)?.Modes ?? [mode]];
            if (entry.Key.Text != Mode.Name && !of.Contains(mode))
            {
                problems.Add(
                    entry.Key.Position,
                    $"{entry.Key.Text} is an option of mode {ScalarKinds.Listing(of.Select(one => one.ToName()))}, but "
                        + $"this profile has mode {mode.ToName()}");
            }
        }
    }

    /// <summary>
    /// bond_option_updelay_set and its kin round down to a multiple of miimon, without a word to netlink.
    /// </summary>
    private static void CheckDelays(SectionReader reader, BondOptions options, Problems problems)
    {
        uint monitor = options.MiiMonitor ?? 0;
        (string Name, uint? Value)[] delays =
        [
            ("updelay", options.UpDelay), ("downdelay", options.DownDelay),
            ("peer_notif_delay", options.PeerNotificationDelay),
        ];
        foreach ((string? name, uint? value) in delays)
        {
            if (value is > 0 && monitor > 0 && value % monitor != 0)
            {
                problems.Add(
                    reader.Source[name],
                    $"{name}: {value}ms is not a multiple of miimon ({monitor}ms); the kernel would round it to "
                        + $"{value - (value % monitor)}ms");
            }
        }
    }

    private static Parsed<BondMode> ReadMode(ScalarNode scalar)
    {
        BondMode? mode = BondNames.ParseMode(scalar.Text)
            ?? (byte.TryParse(scalar.Text, out byte number) && number <= (byte)BondMode.BalanceAlb
                ? (BondMode)number
                : null);
        if (mode is { } known && Array.Find(RefusedModes, refused => refused.Mode == known).Why is { } why)
        {
            return new Wrong(why);
        }

        return mode switch
        {
            { } numbered when scalar.Text != numbered.ToName() => new Wrong($"Write {numbered.ToName()}"),
            { } right => right,
            null when scalar.Text is "lacp" => new Wrong("Write 802.3ad"),
            null => new Wrong(Suggestion.Hint(scalar.Text, Modes.Select(one => one.ToName()))),
        };
    }
}
