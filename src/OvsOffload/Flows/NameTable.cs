using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;

namespace OvsOffload.Flows;

/// <summary>Numbers names in the order in which they are first seen, without making a string of a name that is
/// known: open addressing with linear probing.</summary>
/// <param name="capacity">The most names; all others share one number above them.</param>
/// <param name="othersName">What the others are called.</param>
internal sealed class NameTable(int capacity, string othersName)
{
    private const int FirstSlots = 64;

    /// <summary>2^64 divided by the golden ratio, as in Knuth, The Art of Computer Programming, volume 3, section
    /// 6.4.</summary>
    private const ulong GoldenRatio = 0x9E3779B97F4A7C15;

    private readonly List<byte[]> _bytes = [];
    private readonly List<string> _names = [];

    // A number and one more; 0 is an empty slot.
    private int[] _slots = new int[FirstSlots];
    private int _others = -1;

    /// <summary>The names by number.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>The number of a name; the count of names so far when it is new.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int IndexOf(ReadOnlySpan<byte> name)
    {
        int slot = SlotOf(_slots, name);
        if (_slots[slot] != 0)
        {
            return _slots[slot] - 1;
        }

        if (_bytes.Count >= capacity)
        {
            return Others();
        }

        _bytes.Add(name.ToArray());
        _names.Add(Encoding.UTF8.GetString(name));
        _slots[slot] = _names.Count;
        if (_bytes.Count > _slots.Length / 2)
        {
            Grow();
        }

        return _names.Count - 1;
    }

    private int Others()
    {
        if (_others < 0)
        {
            _others = _names.Count;
            _names.Add(othersName);
        }

        return _others;
    }

    private int SlotOf(int[] slots, ReadOnlySpan<byte> name)
    {
        int slot = (int)(HashOf(name) >> (64 - BitOperations.Log2((uint)slots.Length)));
        while (slots[slot] != 0 && !name.SequenceEqual(_bytes[slots[slot] - 1]))
        {
            slot = (slot + 1) & (slots.Length - 1);
        }

        return slot;
    }

    private static ulong HashOf(ReadOnlySpan<byte> name)
    {
        ulong hash = (ulong)name.Length;
        for (; name.Length >= sizeof(ulong); name = name[sizeof(ulong)..])
        {
            hash = BitOperations.RotateLeft((hash ^ BinaryPrimitives.ReadUInt64LittleEndian(name)) * GoldenRatio, 32);
        }

        ulong rest = 0UL;
        foreach (byte b in name)
        {
            rest = (rest << 8) | b;
        }

        hash = (hash ^ rest) * GoldenRatio;
        return (hash ^ (hash >> 32)) * GoldenRatio;
    }

    private void Grow()
    {
        int[] slots = new int[_slots.Length * 2];
        foreach (int number in _slots.Where(number => number != 0))
        {
            slots[SlotOf(slots, _bytes[number - 1])] = number;
        }

        _slots = slots;
    }
}
