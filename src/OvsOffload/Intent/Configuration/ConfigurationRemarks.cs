namespace OvsOffload.Intent.Configuration;

/// <summary>
/// Why the values of an intent that a program made are as they are. <see cref="ConfigurationWriter"/> prints each
/// behind its value.
/// </summary>
internal sealed class ConfigurationRemarks
{
    private readonly Dictionary<object, Dictionary<string, string>> _byOwner = new(ReferenceEqualityComparer.Instance);

    /// <summary>Lines for the top of the file.</summary>
    public IReadOnlyList<string> Heading { get; init; } = [];

    /// <summary>Says why a value is as it is.</summary>
    /// <param name="owner">The part of the intent that has the value: a NIC, a bond, the whole.</param>
    /// <param name="key">The key of the value.</param>
    /// <param name="why">The reason; may hold names from files.</param>
    public void Add(object owner, Declaration key, string why)
    {
        if (!_byOwner.TryGetValue(owner, out Dictionary<string, string>? remarks))
        {
            _byOwner[owner] = remarks = [];
        }

        remarks[key.Name] = why;
    }

    /// <summary>Whether any value of this part of the intent has a remark.</summary>
    public bool Concern(object owner) => _byOwner.ContainsKey(owner);

    /// <summary>Why a value is as it is; null where nothing was said.</summary>
    public string? Find(object owner, Declaration key) =>
        _byOwner.GetValueOrDefault(owner)?.GetValueOrDefault(key.Name);
}
