namespace OvsOffload.Intent.Configuration;

/// <summary>
/// A configuration that cannot be used, with everything that is wrong in it; nothing of it was taken over.
/// </summary>
internal sealed class ConfigurationException : Exception
{
    /// <summary>
    /// So many errors stand in <see cref="Exception.Message"/>; more would scroll the first ones away.
    /// </summary>
    private const int MaxShown = 50;

    /// <param name="errors">At least one, in the order of the file.</param>
    public ConfigurationException(IReadOnlyList<ConfigurationError> errors)
        : base(Print(errors))
    {
        Errors = errors;
    }

    /// <summary>Everything that is wrong, in the order of the file.</summary>
    public IReadOnlyList<ConfigurationError> Errors { get; }

    private static string Print(IReadOnlyList<ConfigurationError> errors)
    {
        IEnumerable<string> lines = errors.Take(MaxShown).Select(error => error.ToString());
        return string.Join('\n', errors.Count > MaxShown ? lines.Append($"and {errors.Count - MaxShown} more") : lines);
    }
}
