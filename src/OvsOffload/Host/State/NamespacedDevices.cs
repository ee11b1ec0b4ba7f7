namespace OvsOffload.Host;

/// <summary>Network devices of PCI functions that lie in other network namespaces.</summary>
/// <param name="ByParent">PCI address to <c>network namespace n1 has enp1s0f0v0</c>.</param>
/// <param name="Unread">Namespaces that could not be looked into, with the reason.</param>
internal sealed record NamespacedDevices(IReadOnlyDictionary<string, string> ByParent, IReadOnlyList<string> Unread)
{
    /// <summary>Nothing, where nobody asks.</summary>
    public static readonly NamespacedDevices None = new(new Dictionary<string, string>(), []);
}
