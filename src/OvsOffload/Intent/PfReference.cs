namespace OvsOffload.Intent;

/// <summary>In which of the three ways a PF is named.</summary>
internal enum PfReferenceKind
{
    /// <summary>
    /// A PCI address, such as <c>0000:3b:00.0</c>: it survives renames, and is what the program prints.
    /// </summary>
    PciAddress,

    /// <summary>A network interface's name or one of its alternative names.</summary>
    InterfaceName,

    /// <summary>The PF's permanent MAC address, such as <c>0c:42:a1:00:00:0a</c>.</summary>
    MacAddress,
}

/// <summary>
/// A PF as the operator names it. Which device it is, only the host can tell; two references that are not equal may
/// still mean one PF. Equal are references of the same kind and value, wherever they stand.
/// </summary>
/// <param name="Kind">What <paramref name="Value"/> is.</param>
/// <param name="Value">
/// Normalised: a PCI address with its domain and in lower case (<c>0000:3b:00.0</c>), a MAC address in lower case with
/// colons, a name as it is.
/// </param>
/// <param name="Written">The text in the file, for messages.</param>
/// <param name="Position">Where it stands.</param>
internal sealed record PfReference(PfReferenceKind Kind, string Value, string Written, SourcePosition Position)
{
    public bool Equals(PfReference? other) => other is not null && Kind == other.Kind && Value == other.Value;

    public override int GetHashCode() => HashCode.Combine(Kind, Value);

    public override string ToString() => Value;
}
