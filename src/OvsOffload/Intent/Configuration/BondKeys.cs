namespace OvsOffload.Intent.Configuration;

/// <summary>The keys of one entry under <c>bonds</c>.</summary>
internal static class BondKeys
{
    /// <summary>MLX5_MAX_PORTS, the ports that mlx5 puts in one LAG (Linux 6.12).</summary>
    private const int MaxMembers = 8;

    private static readonly BondIntent Defaults = new() { Name = "", Profile = "", Members = [] };

    public static Key<string> Name { get; } = new(
        "name", NameKinds.NewInterface, Defaults.Name, "The bond's interface.")
    { IsRequired = true };

    public static Key<string> Profile { get; } = new(
        "profile", NameKinds.Profile, Defaults.Profile,
        "The bond profile: a file of that name in bond-profiles, searched in /etc/ovs-offload/bond-profiles first.")
    {
        IsRequired = true,
    };

    public static Key<IReadOnlyList<PfReference>> Members { get; } = new(
        "members", new ListKind<PfReference>("PFs", AddressKinds.Pf, 1, MaxMembers), Defaults.Members,
        "The uplinks, each written as under nics.")
    { IsRequired = true };

    public static Key<VfLagRequirement> VfLag { get; } = new(
        "vf-lag",
        ScalarKinds.OneOf(("required", VfLagRequirement.Required), ("preferred", VfLagRequirement.Preferred)),
        Defaults.VfLag,
        "If VF-LAG (the bond in hardware) does not become active: required is a failure, preferred a warning.");

    public static Key<int?> Mtu { get; } = new(
        "mtu", CommonKeys.Mtu, Defaults.Mtu, "The MTU of the bond and its members.");

    public static Key<Management> Managed { get; } = CommonKeys.Managed;

    public static Section Section { get; } = new(
        "bonds", "Bonds of uplinks.", [Name, Profile, Members, VfLag, Mtu, Managed]);

    /// <param name="reader">The entry.</param>
    /// <param name="profiles">The profiles that there are; null where any name will do.</param>
    /// <param name="problems">Where errors go.</param>
    public static BondIntent Read(SectionReader reader, BondProfiles? profiles, Problems problems)
    {
        string name = reader.Read(Name);
        string profile = reader.Read(Profile);
        return new BondIntent
        {
            Name = name,
            Profile = profile,
            Settings = profile.Length > 0 ? Find(profile, profiles, reader.Source[Profile.Name], problems) : null,
            Members = reader.Read(Members),
            VfLag = reader.Read(VfLag),
            Mtu = reader.Read(Mtu),
            Managed = reader.Read(Managed),
            Source = reader.Source,
        };
    }

    public static void Write(SectionWriter writer, BondIntent bond)
    {
        writer.Write(Name, bond.Name);
        writer.Write(Profile, bond.Profile);
        writer.Write(Members, bond.Members);
        writer.Write(VfLag, bond.VfLag);
        writer.Write(Mtu, bond.Mtu);
        writer.Write(Managed, bond.Managed);
    }

    private static BondProfile? Find(
        string name, BondProfiles? profiles, SourcePosition position, Problems problems)
    {
        if (profiles is null)
        {
            return null;
        }

        try
        {
            if (profiles.Find(name) is { } profile)
            {
                return profile;
            }

            IReadOnlyList<string> names = profiles.Names();
            string hint = Suggestion.Hint(name, names) is { } nearest ? nearest + " Profiles" : "Profiles";
            problems.Add(
                position,
                $"unknown bond profile {ConfigurationNode.Quote(name)}. {hint}: {string.Join(", ", names)}");
        }
        catch (ConfigurationException wrong)
        {
            foreach (ConfigurationError error in wrong.Errors)
            {
                problems.Add(error.Position, error.Message);
            }
        }

        return null;
    }
}
