namespace OvsOffload.Intent.Configuration;

/// <summary>
/// Prints an intent as a configuration file that <see cref="ConfigurationReader"/> reads back as the same intent.
/// </summary>
internal static class ConfigurationWriter
{
    /// <param name="intent">What to print; what it leaves unstated is left out.</param>
    /// <param name="withComments">
    /// Whether each key, where it first stands, is explained with its range and default.
    /// </param>
    public static string Write(HostIntent intent, bool withComments)
    {
        var writer = new SectionWriter(withComments);
        ConfigurationKeys.Write(writer, intent);
        return writer.ToString();
    }
}
