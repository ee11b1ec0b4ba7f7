using System.Text;

namespace OvsOffload.Flows;

/// <summary>Numbers names in the order in which they are first seen, without making a string of a name that is
/// known.</summary>
/// <param name="capacity">The most names; all others share one number above them.</param>
/// <param name="othersName">What the others are called.</param>
internal sealed class NameTable(int capacity, string othersName)
{
    private readonly Dictionary<byte[], int> _indexes = new(ByteComparer.Instance);
    private readonly List<string> _names = [];
    private int _others = -1;

    /// <summary>The names by number.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>The number of a name; the count of names so far when it is new.</summary>
    public int IndexOf(ReadOnlySpan<byte> name)
    {
        var lookup = _indexes.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (lookup.TryGetValue(name, out var index))
        {
            return index;
        }

        if (_indexes.Count < capacity)
        {
            lookup[name] = _names.Count;
            _names.Add(Encoding.UTF8.GetString(name));
            return _names.Count - 1;
        }

        if (_others < 0)
        {
            _others = _names.Count;
            _names.Add(othersName);
        }

        return _others;
    }
}
