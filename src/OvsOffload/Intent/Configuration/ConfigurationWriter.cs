namespace OvsOffload.Intent.Configuration;

/// <summary>
/// Prints an intent as a configuration file that <see cref="ConfigurationReader"/> reads back as the same intent.
/// </summary>
internal static class ConfigurationWriter
{
    /// <summary>All values.</summary>
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

    /// <summary>The values that have a remark, each with it on its line, and no others.</summary>
    /// <param name="intent">What to print.</param>
    /// <param name="remarks">Why its values are as they are.</param>
    public static string Write(HostIntent intent, ConfigurationRemarks remarks)
    {
        var writer = new SectionWriter(intent, remarks);
        ConfigurationKeys.Write(writer, intent);
        return writer.ToString();
    }
}
