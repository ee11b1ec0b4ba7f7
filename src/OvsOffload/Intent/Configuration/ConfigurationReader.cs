using OvsOffload.Os;


namespace OvsOffload.Intent.Configuration;

/// <summary>
/// Reads what the operator wants from a configuration file. It is strict: when anything in the file is wrong, all that
/// is wrong is said and nothing is taken over.
/// </summary>
internal static class ConfigurationReader
{
    /// <summary>Where the file stands when no other is named.</summary>
    public const string DefaultPath = "/etc/ovs-offload/config.yaml";

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="collectors">The collectors that there are; null where any name will do.</param>
    /// <param name="profiles">The bond profiles that there are; null where any name will do.</param>
    /// <exception cref="ConfigurationException">It is absent, cannot be read, or is wrong.</exception>
    public static HostIntent Read(
        string path, IReadOnlyCollection<string>? collectors = null, BondProfiles? profiles = null) =>
        ReadIfPresent(path, collectors, profiles) ?? throw Refuse(path, "no such file");

    /// <summary>Reads a file; null where there is none (no file, or no folder for it).</summary>
    /// <param name="path">The file.</param>
    /// <param name="collectors">The collectors that there are; null where any name will do.</param>
    /// <param name="profiles">The bond profiles that there are; null where any name will do.</param>
    /// <exception cref="ConfigurationException">It cannot be read, or is wrong.</exception>
    public static HostIntent? ReadIfPresent(
        string path, IReadOnlyCollection<string>? collectors = null, BondProfiles? profiles = null)
    {
        Reading<byte[]> content = LiveFiles.Instance.Bytes(path, ConfigurationText.MaxBytes);
        return content.IsAbsent ? null
            : content.IsKnown ? Parse(path, content.Value, collectors, profiles)
            : throw Refuse(path, $"cannot be read: {content.WhyOf(path)}");
    }

    /// <summary>Reads a file's content.</summary>
    /// <param name="file">The name for messages.</param>
    /// <param name="content">UTF-8, with or without a byte order mark; at most 1 MiB.</param>
    /// <param name="collectors">The collectors that there are; null where any name will do.</param>
    /// <param name="profiles">The bond profiles that there are; null where any name will do.</param>
    /// <exception cref="ConfigurationException">It is wrong.</exception>
    public static HostIntent Parse(
        string file,
        ReadOnlySpan<byte> content,
        IReadOnlyCollection<string>? collectors = null,
        BondProfiles? profiles = null)
    {
        var problems = new Problems();
        ConfigurationNode root = ConfigurationTree.Read(file, ConfigurationText.Decode(file, content));
        HostIntent? intent = null;
        if (root is MappingNode mapping)
        {
            var reader = new SectionReader(ConfigurationKeys.Section, mapping, path: "", problems);
            intent = ConfigurationKeys.Read(reader, collectors, profiles, problems);
        }
        else
        {
            problems.NotAllowed(root, "the file", "a mapping", "It starts with \"version: 1\"");
        }

        problems.ThrowIfAny();
        return intent!;
    }

    private static ConfigurationException Refuse(string path, string message) =>
        new([new ConfigurationError(SourcePosition.WholeFile(path), message)]);
}
