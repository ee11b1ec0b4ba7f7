namespace OvsOffload.Intent.Configuration;

/// <summary>The top of the configuration file.</summary>
internal static class ConfigurationKeys
{
    /// <summary>The only version that there is.</summary>
    private const int CurrentVersion = 1;

    public static Key<int> Version { get; } = new(
        "version",
        new ScalarKind<int>(
            "1",
            scalar => scalar is { Text: "1", IsPlain: true }
                ? CurrentVersion
                : new Wrong("Only version 1 is supported"),
            _ => "1"),
        CurrentVersion,
        "The version of this format.")
    { IsRequired = true };

    public static Section Section { get; } = new(
        "",
        "The configuration of ovs-offload for this host. Settings that are not given are left unchanged. Durations "
        + "and shares need a unit. Nothing is applied if the file has errors.",
        [
            Version, NicKeys.Section, BondKeys.Section, BridgeKeys.Section, OpenVSwitchKeys.Section,
            SecurityGroupKeys.Section, MetricsKeys.Section, SafetyKeys.Section,
        ]);

    /// <param name="reader">The top of the file.</param>
    /// <param name="collectors">The collectors that there are; null where any name will do.</param>
    /// <param name="profiles">The bond profiles that there are; null where any name will do.</param>
    /// <param name="problems">Where errors go.</param>
    public static HostIntent Read(
        SectionReader reader, IReadOnlyCollection<string>? collectors, BondProfiles? profiles, Problems problems)
    {
        reader.Read(Version);
        IReadOnlyList<NicIntent> nics = reader.ReadSections(NicKeys.Section, NicKeys.Read, out bool allNics);
        IReadOnlyList<BondIntent> bonds = reader.ReadSections(
            BondKeys.Section, bond => BondKeys.Read(bond, profiles, problems), out bool allBonds);
        var bondNames = bonds.Select(bond => bond.Name).ToHashSet();
        var intent = new HostIntent
        {
            Nics = nics,
            Bonds = bonds,
            Bridges = reader.ReadSections(BridgeKeys.Section, bridge => BridgeKeys.Read(bridge, bondNames), out _),
            OpenVSwitch = reader.ReadSection(OpenVSwitchKeys.Section, OpenVSwitchKeys.Read) ?? new(),
            SecurityGroups = reader.ReadSection(SecurityGroupKeys.Section, SecurityGroupKeys.Read) ?? new(),
            Metrics = reader.ReadSection(MetricsKeys.Section, section => MetricsKeys.Read(section, collectors))
                ?? new(),
            Safety = reader.ReadSection(SafetyKeys.Section, SafetyKeys.Read) ?? new(),
            Source = reader.Source,
        };
        new ConfigurationConsistency(intent, problems).Check(allNics, allBonds);
        return intent;
    }

    public static void Write(SectionWriter writer, HostIntent intent)
    {
        writer.WriteHeading(Section);
        writer.Write(Version, CurrentVersion);
        writer.WriteSections(NicKeys.Section, intent.Nics, NicKeys.Write);
        writer.WriteSections(BondKeys.Section, intent.Bonds, BondKeys.Write);
        writer.WriteSections(BridgeKeys.Section, intent.Bridges, BridgeKeys.Write);
        writer.WriteSection(OpenVSwitchKeys.Section, intent.OpenVSwitch, OpenVSwitchKeys.Write);
        writer.WriteSection(SecurityGroupKeys.Section, intent.SecurityGroups, SecurityGroupKeys.Write);
        writer.WriteSection(MetricsKeys.Section, intent.Metrics, MetricsKeys.Write);
        writer.WriteSection(SafetyKeys.Section, intent.Safety, SafetyKeys.Write);
    }
}
