namespace OvsOffload.Intent.Configuration;

/// <summary>
/// A word of the configuration file, declared once: readers, error texts, the commented example and what <c>init</c>
/// prints all come from here.
/// </summary>
/// <param name="Name">As it is written in the file.</param>
/// <param name="Help">What it means; whole sentences.</param>
internal abstract record Declaration(string Name, string Help);

/// <summary>A key with a value.</summary>
/// <param name="Name">As it is written in the file.</param>
/// <param name="Kind">What it takes.</param>
/// <param name="Default">The value where it is not stated; of no meaning for a key that is required.</param>
/// <param name="Help">What it means.</param>
/// <param name="Unstated">What happens where it is not stated and <paramref name="Default"/> has no spelling.</param>
internal sealed record Key<T>(
    string Name, ValueKind<T> Kind, T Default, string Help, string Unstated = "left unchanged")
    : Declaration(Name, Help)
{
    /// <summary>Whether the file is wrong without it.</summary>
    public bool IsRequired { get; init; }

    /// <summary>What the key takes, and what it is when not stated.</summary>
    public string Range =>
        $"Allowed: {Kind.Allowed}. {(IsRequired ? "Required." : $"Default: {Kind.Format(Default) ?? Unstated}.")}";
}

/// <summary>A mapping of keys, or a list of such mappings.</summary>
internal sealed record Section(string Name, string Help, IReadOnlyList<Declaration> Content) : Declaration(Name, Help);

/// <summary>A mapping whose keys are names that the operator chooses from elsewhere.</summary>
internal sealed record NamedValues<T>(string Name, string NameKind, ValueKind<T> Kind, string Help)
    : Declaration(Name, Help);
