using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace OvsOffload.Flows;

/// <summary>Values by names that are looked up as bytes of a dump, without making strings of them. Immutable.</summary>
internal sealed class ByteKeyed<T> where T : class
{
    private readonly Dictionary<byte[], T> _values = new(ByteComparer.Instance);
    private readonly Dictionary<byte[], T>.AlternateLookup<ReadOnlySpan<byte>> _lookup;

    /// <param name="values">The values; of two with one name the first is kept.</param>
    public ByteKeyed(IEnumerable<KeyValuePair<string, T>> values)
    {
        foreach ((string? name, T? value) in values)
        {
            _values.TryAdd(Encoding.UTF8.GetBytes(name), value);
        }

        _lookup = _values.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public static ByteKeyed<T> Empty { get; } = new([]);

    public IReadOnlyCollection<T> Values => _values.Values;

    /// <summary>The same names with other values.</summary>
    public ByteKeyed<T> Select(Func<T, T> change) => new(_values.Select(
        pair => KeyValuePair.Create(Encoding.UTF8.GetString(pair.Key), change(pair.Value))));

    public bool TryFind(ReadOnlySpan<byte> name, [NotNullWhen(true)] out T? value) =>
        _lookup.TryGetValue(name, out value);
}

/// <summary>Compares names as bytes.</summary>
internal sealed class ByteComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
{
    public static readonly ByteComparer Instance = new();

    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode(byte[] bytes) => GetHashCode(bytes.AsSpan());

    public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

    public int GetHashCode(ReadOnlySpan<byte> alternate)
    {
        var hash = new HashCode();
        hash.AddBytes(alternate);
        return hash.ToHashCode();
    }

    public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
}
