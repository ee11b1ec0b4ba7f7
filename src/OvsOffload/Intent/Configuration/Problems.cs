namespace OvsOffload.Intent.Configuration;

/// <summary>
/// Collects what is wrong while a configuration is read, so that the operator sees all of it at once.
/// </summary>
internal sealed class Problems
{
    private readonly List<ConfigurationError> _errors = [];

    public bool Any => _errors.Count > 0;

    public void Add(SourcePosition position, string message) => _errors.Add(new ConfigurationError(position, message));

    /// <summary>A value that is not what its key allows.</summary>
    /// <param name="node">The value as it stands in the file.</param>
    /// <param name="path">The key with its sections, such as <c>nics[0].vfs</c>.</param>
    /// <param name="allowed">What the key takes.</param>
    /// <param name="hint">
    /// What to do about it, a sentence without its full stop; null where the rest says it all.
    /// </param>
    public void NotAllowed(ConfigurationNode node, string path, string allowed, string? hint = null) =>
        Add(node.Position, $"{path}: found {node.Describe()}; allowed: {allowed}{(hint is null ? "" : ". " + hint)}");

    /// <summary>Throws when anything was added; the errors are in the order of the file.</summary>
    public void ThrowIfAny()
    {
        if (Any)
        {
            throw new ConfigurationException([.. _errors.OrderBy(error => error.Position)]);
        }
    }
}
